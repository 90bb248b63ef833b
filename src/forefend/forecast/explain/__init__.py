"""Why a forecast is what it is: exact additive contributions, past cases alike, and how the model ranked states before.

Made when a forecast is issued and kept with it, as a page never fits a model.
"""
