"""What solving costs, beside the plainest program that a user of highspy would write."""
