//! Names of medicines that look alike, with the letters in which they differ in capitals.
//!
//! Sources: FDA and ISMP, Lists of Look-Alike Drug Names with Recommended Tall Man (Mixed Case)
//! Letters (FDA-approved list; ISMP list of additional names, 2016 and 2023). Facts of both. So they
//! are shown, to the eye alone: never are they stored, searched or compared so.

use std::borrow::Cow;

/// FDA's names as they are shown; those that are mistaken for each other stand together.
const FDA: &str = "acetaZOLAMIDE acetoHEXAMIDE; buPROPion busPIRone; chlorproMAZINE chlorproPAMIDE; \
     clomiPHENE clomiPRAMINE; cycloSERINE cycloSPORINE; DAUNOrubicin DOXOrubicin; \
     dimenhyDRINATE diphenhydrAMINE; DOBUTamine DOPamine; glipiZIDE glyBURIDE; \
     hydrALAZINE hydrOXYzine HYDROmorphone; \
     medroxyPROGESTERone methylPREDNISolone methylTESTOSTERone; mitoXANTRONE; \
     niCARdipine NIFEdipine niMODipine; predniSONE prednisoLONE; risperiDONE rOPINIRole; \
     sulfADIAZINE sulfiSOXAZOLE sulfaSALAzine; TOLAZamide TOLBUTamide; vinBLAStine vinCRIStine;";

/// Those ISMP has added.
const ISMP: &str = "ALPRAZolam LORazepam clonazePAM; aMILoride amLODIPine; ARIPiprazole RABEprazole; \
     atoMOXetine atorvaSTATin; azaCITIDine azaTHIOprine; carBAMazepine OXcarbazepine; \
     CARBOplatin CISplatin; ceFAZolin cefoTEtan cefOXitin cefTAZidime cefTRIAXone; \
     chlordiazePOXIDE; cloBAZam; cloNIDine cloZAPine; dexAMETHasone dexmedeTOMIDine; \
     diazePAM dilTIAZem; DOCEtaxel PACLitaxel; DULoxetine FLUoxetine PARoxetine; \
     ePHEDrine EPINEPHrine; fentaNYL SUFentanil; flavoxATE fluvoxaMINE fluPHENAZine; \
     guaiFENesin guanFACINE; HYDROcodone oxyCODONE oxyMORphone; inFLIXimab riTUXimab; \
     ISOtretinoin; lamiVUDine lamoTRIgine; levETIRAcetam levOCARNitine levoFLOXacin; \
     metFORMIN metroNIDAZOLE; methazolAMIDE methIMAzole metOLazone; miFEPRIStone miSOPROStol; \
     OLANZapine QUEtiapine; penicillAMINE; PENTobarbital PHENobarbital; quiNIDine quiNINE; \
     raNITIdine riMANTAdine; rifAMPin rifAXIMin; SAXagliptin SITagliptin; \
     SUMAtriptan ZOLMitriptan; tiaGABine tiZANidine; traMADol traZODone; \
     valACYclovir valGANciclovir;";

fn names() -> impl Iterator<Item = &'static str> {
    let all = [FDA, ISMP].into_iter().flat_map(|list| list.split([' ', ';']));
    all.filter(|name| !name.is_empty())
}

/// A text as it is shown: each name of the list in it with its capitals.
pub fn tall_man(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut is_other = false;
    let mut rest = text;
    while !rest.is_empty() {
        let is_letter = |sign: char| sign.is_alphabetic();
        let ends = rest.find(|sign| !is_letter(sign)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(ends);
        let known = names().find(|name| name.eq_ignore_ascii_case(word));
        is_other |= known.is_some_and(|name| name != word);
        shown.push_str(known.unwrap_or(word));
        let begins = after.find(is_letter).unwrap_or(after.len());
        let (between, next) = after.split_at(begins);
        shown.push_str(between);
        rest = next;
    }
    if is_other { Cow::Owned(shown) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_that_look_alike_are_told_apart_by_their_capitals() {
        let check = |text: &str, want: &str| assert_eq!(tall_man(text), want);
        check("hydralazine", "hydrALAZINE");
        check("Hydroxyzine", "hydrOXYzine");
        check("METFORMIN", "metFORMIN");
        check("Prednisone 5 mg", "predniSONE 5 mg");
        check("lamivudine/zidovudine", "lamiVUDine/zidovudine");
        check("metformin hydrochloride", "metFORMIN hydrochloride");
        check("metronidazole, vaginal", "metroNIDAZOLE, vaginal");
        // A name within another word is none.
        check("penicillin V", "penicillin V");
        check("methylprednisolonesque", "methylprednisolonesque");
        check("amoxicillin", "amoxicillin");
        check("ميتفورمين", "ميتفورمين");
        check("", "");
        check("— ", "— ");
        check("metFORMIN", "metFORMIN");
    }

    #[test]
    fn every_name_is_in_the_list_once_and_only_its_case_is_changed() {
        let lower: BTreeSet<String> = names().map(str::to_lowercase).collect();
        assert_eq!((lower.len(), names().count()), (120, 120));
        for name in names() {
            assert_eq!(tall_man(&name.to_lowercase()), name);
            assert_eq!(tall_man(name).to_lowercase(), name.to_lowercase());
        }
    }
}
