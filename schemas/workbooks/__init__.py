"""The sender's own workbook given back with the faults marked (``annotate``), and our columns in it (``columns``).

Nothing is imported here: the writing library takes its time, and a check alone does not need it.
"""
