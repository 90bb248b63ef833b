"""Columns of the yearly files that are not read: what each edition's model was told of a state."""

from __future__ import annotations

PREDICTORS = (
    "anymk.ever", "anymk.ongoing", "battledeaths.ln", "battledeaths.ln2", "battledeaths.log2", "candidaterestriction",
    "countryage.ln", "countryage.new.log2", "countryage_new_ln", "coup.try.5yr", "discrimpop", "durable.ln", "efindex",
    "elf.ethnic", "even_civilrights", "freediscussion", "freemove_men4", "freemove_women4", "gdppcgrowth",
    "gdppcgrowth.combined", "imr.fwd.fill.sqrt", "imr.sqrt", "includesnonstate", "ios.iccpr1", "judicialreform",
    "mean_mk_onset", "mean_mk_onset_interaction", "minorityrule", "mk_ever", "mk_ongoing_count_log",
    "mk_ongoing_count_log2", "mk_onset_prev_year", "narrowtargeting", "newcountry", "partyban", "partyban.new.0",
    "partyban.new.1", "partyban.new.2", "pol_killing_approved", "polity2.fl.2", "polity2.fl.3", "popsize.ln.combined",
    "popsize.log2", "reg.afr", "reg.eap", "reg.eur", "reg.mna", "reg.na", "reg.sca", "religiousfreedom",
    "repress_civilsoc", "ses_power_dist", "social_inequality", "social_power_dist", "tradeshare.ln.combined",
    "tradeshare.log2.combined", "un_imr_sqrt", "v2csgender_binary", "v2mecenefm_binary", "wdi.popsize.log2",
    "widetargeting", "year", "year_l1", "year_sq", "year_sq_l1",
)  # fmt: skip
