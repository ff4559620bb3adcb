"""What netCDF4, scipy and xarray read in a NetCDF file, as JSON; numbers as their bits."""

import json
import struct
import sys

import netCDF4
import scipy.io
import xarray

path = sys.argv[1]


def bits(values):
    return [struct.pack(">d", value).hex() for value in values.ravel()]


def read(flow, members):
    return {"flow": bits(flow), "dimensions": flow.shape, "members": int(members)}


by_netcdf4 = netCDF4.Dataset(path)
by_netcdf4.set_auto_mask(False)
by_scipy = scipy.io.netcdf_file(path, mmap=False)
by_xarray = xarray.open_dataset(path, engine="scipy")
bounds = by_xarray["time_bounds"].values[-1]
told = {
    "netCDF4": read(by_netcdf4["flow"][:], by_netcdf4["members"][...]),
    "scipy": read(by_scipy.variables["flow"][:], by_scipy.variables["members"].getValue()),
    "xarray": read(by_xarray["flow"].values, by_xarray["members"].values),
}
told["xarray"] |= {
    "places": [str(name) for name in by_xarray["place_name"].values],
    "first": str(by_xarray["time"].values[0])[:19],
    "last bounds": [str(day)[:10] for day in bounds],
    "conventions": by_xarray.attrs["Conventions"],
    "units": by_xarray["flow"].attrs["units"],
}
print(json.dumps(told))
