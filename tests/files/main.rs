//! Parquet and NetCDF files: their bytes, and what Python packages read in them.

mod members;
mod netcdf;
mod parquet;
mod python;
