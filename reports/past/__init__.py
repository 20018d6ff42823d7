"""What earlier runs came to, kept from run to run, and what is otherwise now."""
