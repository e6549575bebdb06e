"""Taking in files: from the upload to rows in the record, set by set.

`runs` opens and carries out an import, `stage` brings the rows of the file into the database,
`bulk` writes many records at once the way the services of the record write one, `faults` words
what could not be taken and puts it into a file. What a kind of file holds is a member of
`accounts.importers`.
"""
