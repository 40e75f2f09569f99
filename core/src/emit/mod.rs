//! Back ends: a plan written for a server. One server, one file, its quoting in it.
