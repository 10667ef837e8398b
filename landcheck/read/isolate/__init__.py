"""Reading in a process of its own, with a limit on time and memory."""
