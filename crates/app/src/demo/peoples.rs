//! Given names, family names and villages, typed by us: common names joined at random name
//! nobody, and the villages are mostly invented.

/// Where a patient comes from: how people are called there, in which script.
pub(super) struct People {
    /// The script of the names, for the tests: ISO 15924.
    pub(super) script: &'static str,
    /// Family names; empty where people have one name only.
    pub(super) family: &'static [&'static str],
    /// Women's given names.
    pub(super) female: &'static [&'static str],
    /// Men's given names.
    pub(super) male: &'static [&'static str],
    /// Villages and towns.
    pub(super) village: &'static [&'static str],
    /// The country's name as its people write it.
    pub(super) country: &'static str,
    /// The country's telephone code.
    pub(super) dial: &'static str,
}

/// Every people, in an order that mixes the scripts, so that even a small clinic has several.
pub(super) const PEOPLES: &[People] = &[
    People {
        script: "Latn",
        family: &["Okello", "Wanjiku", "Mwangi", "Otieno", "Achieng", "Kamau", "Njoroge", "Barasa"],
        female: &["Amina", "Grace", "Neema", "Zawadi", "Akinyi", "Rehema", "Furaha", "Mwanaidi"],
        male: &["Juma", "Baraka", "Kiprono", "Hamisi", "Odhiambo", "Faraji", "Mosi"],
        village: &["Kijani", "Mto Safi", "Nyumba Tatu", "Bonde la Mawe"],
        country: "Kenya",
        dial: "+254",
    },
    People {
        script: "Arab",
        family: &["الحداد", "النجار", "الخطيب", "العمري", "الصباغ", "المصري", "البستاني"],
        female: &["فاطمة", "مريم", "زينب", "ليلى", "هدى", "سلمى", "نور"],
        male: &["أحمد", "يوسف", "خالد", "عمر", "سمير", "طارق", "حسن"],
        village: &["عين الزيتون", "وادي النخيل", "بيت الحجر"],
        country: "الأردن",
        dial: "+962",
    },
    People {
        script: "Deva",
        family: &["शर्मा", "यादव", "थापा", "गुरुङ", "पाटील", "वर्मा", "श्रेष्ठ"],
        female: &["सीता", "अनिता", "लक्ष्मी", "सुनीता", "मीना", "कमला"],
        male: &["राम", "अर्जुन", "विकास", "सुरेश", "हरि", "प्रकाश"],
        village: &["रामपुर", "नयाँ बस्ती", "सुन्दर घाटी"],
        country: "नेपाल",
        dial: "+977",
    },
    People {
        script: "Latn",
        family: &["Adébáyọ̀", "Ọlátúnjí", "Akínwálé", "Ọ̀ṣúntókun", "Fálànà", "Ìdòwú"],
        female: &["Fọláṣadé", "Títílayọ̀", "Àdùkẹ́", "Mojísọ́lá", "Ẹniọlá"],
        male: &["Babátúndé", "Káyọ̀dé", "Ṣẹ́gun", "Dàpọ̀", "Olúmidé"],
        village: &["Òkè Odò", "Ilé Tuntun", "Agbède"],
        country: "Nigeria",
        dial: "+234",
    },
    People {
        script: "Cyrl",
        family: &["Ткаченко", "Бондарь", "Кузнец", "Ковальчук", "Гончар", "Мельник", "Щербань"],
        female: &["Олена", "Галина", "Наталья", "Ирина", "Дарья", "Їванна"],
        male: &["Андрей", "Михайло", "Сергей", "Григорий", "Юрий", "Олексій"],
        village: &["Зелёный Яр", "Новая Криница", "Верхний Брод"],
        country: "Україна",
        dial: "+380",
    },
    People {
        script: "Hani",
        family: &["王", "李", "欧阳", "陈", "林", "赵", "黄"],
        female: &["秀英", "小梅", "丽华", "雨晴", "静怡"],
        male: &["建国", "志强", "明远", "伟", "子轩"],
        village: &["青石镇", "柳溪村", "东湾"],
        country: "中国",
        dial: "+86",
    },
    People {
        script: "Latn",
        family: &["Nguyễn", "Trần", "Phạm", "Đặng", "Vũ", "Bùi", "Đỗ"],
        female: &["Thị Hương", "Thu Hằng", "Ngọc Ánh", "Mỹ Duyên", "Thị Lộc"],
        male: &["Văn Đức", "Quốc Tuấn", "Minh Khôi", "Hữu Nghĩa", "Đình Phúc"],
        village: &["Bến Đá", "Làng Tre", "Suối Mơ"],
        country: "Việt Nam",
        dial: "+84",
    },
    People {
        script: "Ethi",
        family: &["በቀለ", "ተስፋዬ", "ወልደ", "ገብሬ", "አለሙ", "ደስታ"],
        female: &["አበባ", "ትዕግስት", "ሰላም", "ብርቱካን", "ህይወት"],
        male: &["አበበ", "ዳዊት", "ሙሉጌታ", "ሐይሌ", "ታደሰ"],
        village: &["አዲስ ዓለም", "ወንዝ ዳር", "ደጋ ሜዳ"],
        country: "ኢትዮጵያ",
        dial: "+251",
    },
    People {
        script: "Grek",
        family: &["Παπαδάκης", "Μυλωνάς", "Ψαράς", "Κεραμεύς", "Βοσκός", "Χαλκιάς"],
        female: &["Ελένη", "Μαρία", "Δέσποινα", "Σοφία", "Ευαγγελία"],
        male: &["Γιώργος", "Νίκος", "Σπύρος", "Ηλίας", "Χρήστος"],
        village: &["Άνω Βρύση", "Πέτρα", "Ελαιώνας"],
        country: "Ελλάδα",
        dial: "+30",
    },
    People {
        script: "Latn",
        family: &["Ɗanladi", "Ƙaura", "Ɓagudu", "Yakubu", "Sarkin Noma", "Tanko"],
        female: &["Hauwa", "Zainabu", "Laraba", "A’isha", "Talatu"],
        male: &["Sani", "Ɗanjuma", "Bala", "Musa", "Lawal"],
        village: &["Tudun Wada", "Sabon Gari", "Ƙofar Kudu"],
        country: "Niger",
        dial: "+227",
    },
    People {
        script: "Latn",
        family: &["Núñez", "Quispe", "Ibáñez", "Peñaloza", "Güemes", "Mamani"],
        female: &["María José", "Lucía", "Begoña", "Rocío", "Inés"],
        male: &["José Ángel", "Martín", "Raúl", "Íñigo", "Simón"],
        village: &["Peña Alta", "San Andrés del Río", "Quebrada Azul"],
        country: "Perú",
        dial: "+51",
    },
    People {
        script: "Beng",
        family: &["রহমান", "চৌধুরী", "বিশ্বাস", "সরকার", "দাস"],
        female: &["আয়েশা", "শিউলি", "নাসরিন", "রুপা"],
        male: &["করিম", "সুমন", "জামাল", "তারেক"],
        village: &["সোনাপুর", "নদীর পাড়", "কাজলদীঘি"],
        country: "বাংলাদেশ",
        dial: "+880",
    },
    People {
        script: "Latn",
        family: &["Łoś", "Dvořák", "Świątek", "Müller", "Ødegård", "Škoda", "D’Étienne"],
        female: &["Zoë", "Małgorzata", "Žofie", "Ingeborg", "Éloïse"],
        male: &["Jürgen", "Łukasz", "Jiří", "Håkon", "Benoît"],
        village: &["Mühlbach", "Žďárek", "Świerkowo"],
        country: "Schweiz",
        dial: "+41",
    },
    People {
        script: "Latn",
        family: &[],
        female: &["Sriwati", "Ningsih", "Lestari", "Wulandari"],
        male: &["Sukarjo", "Wibowo", "Suparman", "Hartono"],
        village: &["Desa Melati", "Kampung Baru", "Tegal Rejo"],
        country: "Indonesia",
        dial: "+62",
    },
];
