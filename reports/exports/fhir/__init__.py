"""A person's answers, levels and plan as HL7 FHIR R4, for a record system, and answers back from one. Pure."""
