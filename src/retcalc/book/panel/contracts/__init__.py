"""Why accounts left, when subscriptions were signed, what products they are of."""
