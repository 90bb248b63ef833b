"""The titles of the treaties watched, as the depositaries write them."""

from __future__ import annotations

from collections.abc import Mapping

from forefend.locale import N_

TITLES: Mapping[str, str] = {
    "genocide_convention": N_("Convention on the Prevention and Punishment of the Crime of Genocide"),
    "icerd": N_("International Convention on the Elimination of All Forms of Racial Discrimination"),
    "iccpr": N_("International Covenant on Civil and Political Rights"),
    "icescr": N_("International Covenant on Economic, Social and Cultural Rights"),
    "cedaw": N_("Convention on the Elimination of All Forms of Discrimination against Women"),
    "cat": N_("Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment"),
    "opcat": N_("Optional Protocol to the Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment"),
    "crc": N_("Convention on the Rights of the Child"),
    "cmw": N_("International Convention on the Protection of the Rights of All Migrant Workers and Members of Their Families"),
    "crpd": N_("Convention on the Rights of Persons with Disabilities"),
    "ced": N_("International Convention for the Protection of All Persons from Enforced Disappearance"),
    "rome_statute": N_("Rome Statute of the International Criminal Court"),
    "arms_trade_treaty": N_("Arms Trade Treaty"),
    "refugee_convention": N_("Convention relating to the Status of Refugees"),
    "statelessness_convention": N_("Convention relating to the Status of Stateless Persons"),
    "statelessness_reduction_convention": N_("Convention on the Reduction of Statelessness"),
    "kampala_amendment_aggression": N_("Amendments on the crime of aggression to the Rome Statute of the International Criminal Court"),
}
