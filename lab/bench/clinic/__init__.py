"""./run bench clinic: what a clinic's day asks of one machine, each figure as a ratio within one run."""
