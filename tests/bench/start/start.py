#!/usr/bin/env python3
"""Start and memory of the window beside an empty QMainWindow, in one run.

start.py BUILD, in a desktop session of its own (tests/support/desktop-session.sh). Time: from the start of the process to a mapped
window, median of 9 after 2 warm-up starts each, the two in turn. Memory: PSS 2 s after that; then once with
a chat of 500 messages open. Needs xdotool for the last."""

import ctypes
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MAPPED = 2  # IsViewable of X.h


class WindowAttributes(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
                ("border", ctypes.c_int), ("depth", ctypes.c_int), ("visual", ctypes.c_void_p),
                ("root", ctypes.c_ulong), ("window_class", ctypes.c_int), ("gravity", ctypes.c_int * 2),
                ("backing", ctypes.c_int), ("planes", ctypes.c_ulong), ("pixel", ctypes.c_ulong),
                ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong), ("map_installed", ctypes.c_int),
                ("map_state", ctypes.c_int), ("rest", ctypes.c_long * 10)]


class Display:
    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        if not self.display:
            sys.exit("start.py: no display; run it below xvfb-run")
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))
        # A window may go between the two calls below: not an error here.
        self.handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 0)
        self.x11.XSetErrorHandler(self.handler)

    def shows_window(self):
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self.x11.XQueryTree(self.display, self.root, ctypes.byref(root), ctypes.byref(parent),
                            ctypes.byref(children), ctypes.byref(count))
        shown = False
        for i in range(count.value):
            attributes = WindowAttributes()
            if self.x11.XGetWindowAttributes(self.display, ctypes.c_ulong(children[i]), ctypes.byref(attributes)):
                shown = shown or (attributes.map_state == MAPPED and attributes.width > 300)
        if count.value:
            self.x11.XFree(children)
        return shown


def pss(process):
    for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def start(display, command):
    while display.shows_window():
        time.sleep(0.01)
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not display.shows_window():
        if process.poll() is not None:
            sys.exit(f"start.py: {command[0]} ended before it showed a window")
        time.sleep(0.0005)
    return process, (time.perf_counter() - began) * 1000


def stop(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def measure(display, commands, runs=9, warm_up=2):
    figures = {name: [] for name in commands}
    for run in range(runs + warm_up):
        for name, command in commands.items():
            process, milliseconds = start(display, command)
            time.sleep(2)
            if run >= warm_up:
                figures[name].append((milliseconds, pss(process)))
            stop(process)
    return {name: tuple(statistics.median(column) for column in zip(*rows)) for name, rows in figures.items()}


def memory_of_long_chat(display, build, profile):
    subprocess.run([f"{build}/tests/bench/longchat", profile, "500"], check=True)
    process, _ = start(display, [f"{build}/app/farthing", "--profile", profile])
    time.sleep(2)
    for step in (["key", "ctrl+k"], ["type", "markdown"]):
        subprocess.run(["xdotool", *step], check=True)
        time.sleep(1)
    subprocess.run(["xdotool", "key", "Return"], check=True)
    time.sleep(3)
    for _ in range(20):  # what was never shown was never laid out
        subprocess.run(["xdotool", "key", "Page_Up"], check=True)
        time.sleep(0.1)
    figure = pss(process)
    stop(process)
    return figure


def main():
    build = sys.argv[1] if len(sys.argv) == 2 else sys.exit(__doc__)
    display = Display()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(display, {"empty QMainWindow": [f"{build}/tests/bench/emptywindow"],
                                    "farthing": [f"{build}/app/farthing", "--profile", f"{folder}/fresh"]})
        for name, (milliseconds, memory) in figures.items():
            print(f"{name}: window after {milliseconds:.0f} ms, PSS {memory:.1f} MB")
        print(f"farthing, 500 messages open: PSS {memory_of_long_chat(display, build, folder + '/long'):.1f} MB")


main()
