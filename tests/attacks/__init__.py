"""Attacks on every door of the site, found from the URL resolver: a new page is attacked without anybody remembering.

What can't be found out by itself is said in one place: an address with parts in `samples.py`, how a field is filled in
rightly in `filling.py`. A page that lacks its line there fails the build.
"""
