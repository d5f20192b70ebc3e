"""Shares work with other processes, as programs that hash or build code do."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pulumi

with multiprocessing.get_context("fork").Pool(2) as pool:
    forked = pool.map(abs, [-1, 2])
with ProcessPoolExecutor(2, multiprocessing.get_context("forkserver")) as executor:
    served = list(executor.map(abs, [-3]))
pulumi.export("found", [*forked, *served])
