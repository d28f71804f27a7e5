"""Pictures of every page in every state: `./run screenshots`."""
