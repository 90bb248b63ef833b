"""Early warning: rules over data and forecasts, one file each, with a noise budget and the evidence that fired them."""
