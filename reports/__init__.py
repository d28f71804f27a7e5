"""What is handed out: the plan, and the forms it takes. Pure up to bytes."""
