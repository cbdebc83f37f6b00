"""What every request passes on its way in and every answer on its way out, the outermost first.

``proxies`` settles who asks and over which scheme, ``requests`` gives the request its id
and writes its line of the log, ``headers`` gives every answer the headers of a strict
site, ``encodings`` settles which compression an answer may have, ``probes`` answers those
who ask how the site is. ``bodies`` stands further inside, where it is known who is logged
in, and refuses what is too large before it is read.
"""
