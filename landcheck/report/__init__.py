"""Reports: what a run found out, in every format. Nothing here decides a verdict, prints or exits."""
