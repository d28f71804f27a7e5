"""Pictures of every page in every state, to be looked at; not part of the app."""
