"""What is read of V-Dem's thousands of columns, with the range of each scale."""

from __future__ import annotations

HIGH_LEVEL = ("v2x_polyarchy", "v2x_libdem", "v2x_partipdem", "v2x_delibdem", "v2x_egaldem", "v2x_api", "v2x_mpi")
SPACES = ("v2x_veracc_osp", "v2xcs_ccsi", "v2xcl_rol", "v2x_freexp_altinf", "v2x_horacc_osp", "v2x_pubcorr")
TURNED_IN_SPACES = "v2x_pubcorr"
INDICES = (
    *HIGH_LEVEL, *SPACES, "v2x_clphy", "v2x_corr", "v2x_jucon", "v2xlg_legcon", "v2xel_frefair", "v2xeg_eqprotec", "v2xpe_exlsocgr",
    "v2clsocgrp_osp", "v2pepwrsoc_osp", "v2smpolhate_osp", "v2smgovshut_osp", "v2cacamps_osp", "v2juhcind_osp", "v2juhccomp_osp",
    "v2clacjstm_osp", "v2stcritrecadm_osp", "v2elembaut_osp", "v2elpeace_osp", "v2elaccept_osp", "v2clkill_osp", "v2cltort_osp",
    "v2meharjrn_osp", "v2csreprss_osp", "v2edcritical_osp",
    # Indices.
    "v2xpe_exlgeo", "v2xpe_exlpol", "v2xeg_eqaccess", "v2xnp_client", "v2x_rule", "v2x_diagacc_osp", "v2x_ex_military", "v2x_elecreg",
    "v2x_regime", "v2xca_academ", "v2xed_ed_inpt",
    # Judgements of experts on scales, as estimated on the scale of the question (osp).
    "v2clacjust_osp", "v2peapssoc_osp", "v2peasjsoc_osp", "v2clrelig_osp", "v2cldiscm_osp", "v2clacjstw_osp", "v2cltrnslw_osp",
    "v2clrspct_osp", "v2smpolsoc_osp", "v2smorgviol_osp", "v2smgovfilprc_osp", "v2smgovsmmon_osp", "v2juncind_osp", "v2jupurge_osp",
    "v2lgotovst_osp", "v2lginvstp_osp", "v2elembcap_osp", "v2elintim_osp", "v2elirreg_osp", "v2elrgstry_osp", "v2exrescon_osp",
    "v2exl_legitideol_osp", "v2stcritapparm_osp", "v2stfisccap_osp", "v2mecenefm_osp", "v2meslfcen_osp", "v2merange_osp",
    "v2cseeorgs_osp", "v2csgender_osp", "v2csantimv_osp", "v2caviol_osp", "v2cagenmob_osp", "v2cademmob_osp", "v2caautmob_osp",
    "v2edpatriot_osp", "v2edideolch_rec_osp", "v2peedueq_osp",
    # Facts coded by the publisher.
    "v2elsuffrage", "v2elmonden", "v2elintmon",
)  # fmt: skip
RANGES = {"v2elsuffrage": (0.0, 100.0), "v2x_regime": (0.0, 3.0), "v2elmonden": (0.0, 1.0), "v2elintmon": (0.0, 1.0)}


def within(variable: str) -> tuple[float, float]:
    """Return the range of a variable's scale: indices run from 0 to 1, judgements from 0 to at most 5."""
    return RANGES.get(variable, (0.0, 1.0) if variable.startswith("v2x") else (0.0, 5.0))
