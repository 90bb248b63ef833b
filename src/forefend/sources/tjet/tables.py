"""The tables of the Transitional Justice Evaluation Tools: the columns read of each, and those that are not.

Descriptions of cases, names of accused persons and sources stay with the publisher: they name people, and a
count of cases or the standing of a policy does not need them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VERSION = "tjet_version"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: known by the column ``mark``."""

    mark: str
    read: tuple[str, ...]
    out_of_scope: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\S+", text))


TRIALS = Table(
    mark="country_trial",
    read=("trialID", "yearStart", "trialType", "ccode_target", "ccode_trial", "HRVorCoreCrimes", VERSION),
    out_of_scope=_words(
        """country_target yearEnd caseDescription caseDescription_fr crimeyears numberAccused numberAccusedRecords legalSystem
        jurisdiction country_trial ccode_crime ccode_victim IntraConfl civilLitigation startedDemocraticTransitionBefore
        fitsPostAutocraticTJ startedIntraConflbefore fitsConflictTJ ucdpConflictID ucdpDyadID beganDuringOrAfterConfl
        discoveredSDHRsReport prosecutorType fairnessQuestioned"""
    ),
)
ACCUSED = Table(
    mark="ICC_arrest_warrant",
    read=("accusedID", "ccode_target", "ICC_arrest_warrant", "ICC_arrestAppear", VERSION),
    out_of_scope=_words("trialID name position_desc position_desc_fr ICC_confirm_charges ICC_proceedings ICC_withdrawnDismissed"),
)
PARTIES = Table(mark="icc_sp", read=("year", "ccode", "icc_sp"), out_of_scope=("country", VERSION))
COMMISSIONS = Table(
    mark="truthcommissionID",
    read=_words(
        f"""{VERSION} truthcommissionID
        ccode_cow officialName_en yearPassed status yearBeginOperation yearCompleteOperation formallyIndependent
        finalReportIssued reportPubliclyAvailable"""
    ),
    out_of_scope=_words(
        """country officialName officialName_en_fr tcType legalBasis branchCreated domesticInitiatePerson internationalBody
        dayMonthPassed tclawOnline democraticTransitionBeforeTC fitsPostAutocraticTJ intraConflictBeforeTC fitsConflictTJ
        ucdpConflictID ucdpDyadID beganOperatingDuringIntraConfl beganOperatingAfterIntraConfl tcAims subnationalAuthorization
        subnationalOperation consultedVictims consultedGroups mandateTimePeriodCovered timePeriod idiosyncratic disappearance death
        torture SGBV forcedDisplacement corruption crimeSpecificGroups crimesOther victimCount commissioners commissionerCount
        commissionersHowChosen commissionersVictimGroups staff staffMemberCount primaryFunding estimatedCost investigateStateMembers
        compelTestimony penalizeIndividuals namePerpetrators accessOfficialDocuments supportProsecutions allocateReparations
        recommendInstitutionalReforms grantAmnesty testimonies casesTestimoniesCount testimoniesAvailablePublic heldPublicHearings
        encourageVictimTestimony encourageVictimTestimonyHow perpetratorTestimony perpetratorPubliclyNamedTestimony perpetratorsWho
        perpetratorReceived reportPublisher pdf_file reportEstablishResponsibility perpetratorNamesPublished
        reportHighlightVictimGroups finalReportRecommendations recommendProsecutions recommendProsecutionsWho recommendReparations
        reparationsType reportRecommendInstitutionalReform SecuritySectorReforms SSRType vetting vettingType legalReform legalType
        judicialReforms judicialReformsType humanRightsReforms humanRightsReformType corruptionReforms corruptionReformsType
        genderReform genderReformType finalRecommendations mandatePeriodicMonitoringImplementation"""
    ),
)
REPARATIONS = Table(
    mark="reparationID",
    read=("reparationID", "ccode_cow", "officialName_en", "yearCreated", "yearEnd", "rep_paid", VERSION),
    out_of_scope=_words(
        """country officialName officialName_en_fr timeframeCovered legalBasis legalInternationalBody legalBranches subnational
        dateCreated yearBegin dateBegin dateEnd yearEndAnticipated statedAims policyURL democraticTransitionStarted
        fitsPostAutocraticTJ startedIntraConfl fitsConflictTJ ucdpConflictID reparationConflictDuring reparationConflictAfter
        beneficiariesIdentified beneficiariesCount requirementsRegistration responsibleDepartment departmentName departmentStaff
        staffCount funding harmsMurder harmsTorture harmsDetention harmsDisappearance harmsChildRecruitment harmsDisplacement
        harmsSexualViolence sexualViolenceType harmsOther genderCrimes genderWomen genderMen lgbtqCrimes typeInjury
        individualReparations individualReparationsForm individualReparationsEligible collectiveReparations collectiveReparationsForm
        collectiveReparationsEligibility diffAmount foreclose outreach accessibility individualsRepaired individualsRepairedEstimate
        costEstimate alteration alterationName alterationYear alterationEffect"""
    ),
)
AMNESTIES = Table(
    mark="amnestyID",
    read=("amnestyID", "ccode_cow", "amnestyYear", "hrCrimes", VERSION),
    out_of_scope=_words(
        """country yearOngoing mechanismDescription mechanismDescription_fr amnestyName start_date enactedHow whoWasAmnestied
        stateAgents oppRank selfAmnesty qualifyingProcess whatCrimes blanket SGBV startedDemocraticTransitionBefore
        fitsPostAutocraticTJ startedIntraConflbefore fitsConflictTJ ucdpConflictID ucdpDyadID dcj pcj peaceSettlement mediation"""
    ),
)
VETTINGS = Table(
    mark="vettingID",
    read=("vettingID", "ccode_cow", "yearStart", "yearEnd", "policyName", "targetingPositionSought", "targetingWhy", VERSION),
    out_of_scope=_words(
        """alterationOf country policyName_fr dateLaw type_dismissal type_ban type_declassification enactment hearingsPublic appealJudgment
        fairnessNotes courtChallenge startedDemocraticTransition fitsPostAutocraticTJ startedIntraConflBefore fitsConflictTJ ucdpConflictID
        ucdpDyadID beganDuringIntraConfl beganAfterIntraConfl"""
    ),
)
INVESTIGATIONS = Table(
    mark="uninv_dompros",
    read=("ccode_cow", "mandate_en", "beg", "end", VERSION),
    out_of_scope=_words("country mandate mandate_fr goals uninv_dompros uninv_evcoll uninv_intlpros source"),
)
TABLES = (TRIALS, ACCUSED, PARTIES, COMMISSIONS, REPARATIONS, AMNESTIES, VETTINGS, INVESTIGATIONS)
CODEBOOK = ("section", "col_name", "definition")
