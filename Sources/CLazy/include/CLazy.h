// Nothing to call: the target defines functions that the headers of CGit2 and CArchive declare.
