"""What users read: failure blocks, the summary, replay files, exported tests, reports.

Nothing here knows the engine: the input is findings, transcripts and routes, the output is
text or plain data. Two rules hold for all of it. What the application or the generator said
never reaches a terminal raw (`literals`), and a secret never reaches anything (`redaction`).
"""
