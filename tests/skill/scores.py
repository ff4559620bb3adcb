"""Scores of the packages hydroeval and HydroErr: reads simulated and observed flows, one pair a line, and prints one
`name value` a line."""

import sys

import hydroeval
import HydroErr
import numpy

simulated, observed = numpy.loadtxt(sys.stdin, delimiter=",", unpack=True)


def score(function, **options):
    return hydroeval.evaluator(function, simulated, observed, **options).ravel()


def parts(name, values):
    for part, value in zip(["efficiency", "correlation", "variability", "bias"], values):
        tell(f"{name} {part}", value)


def tell(name, value):
    print(f"{name}={float(value)!r}")


def reordered(values):
    correlation, variability, bias, efficiency = values
    return efficiency, correlation, variability, bias


tell("hydroeval nse", score(hydroeval.nse)[0])
tell("hydroeval log nse", score(hydroeval.nse, transform="log")[0])
tell("hydroeval rmse", score(hydroeval.rmse)[0])
# Observed less simulated there, simulated less observed here.
tell("hydroeval bias", -score(hydroeval.pbias)[0])
parts("hydroeval kge 2009", score(hydroeval.kge))
parts("hydroeval kge 2012", score(hydroeval.kgeprime))
tell("HydroErr nse", HydroErr.nse(simulated, observed))
tell("HydroErr rmse", HydroErr.rmse(simulated, observed))
tell("HydroErr r2", HydroErr.r_squared(simulated, observed))
parts("HydroErr kge 2009", reordered(HydroErr.kge_2009(simulated, observed, return_all=True)))
parts("HydroErr kge 2012", reordered(HydroErr.kge_2012(simulated, observed, return_all=True)))
