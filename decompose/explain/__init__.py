"""Why a number is what it is, and why a plan cannot be met."""
