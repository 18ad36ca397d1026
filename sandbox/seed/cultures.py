"""The names that the fictional people bear."""

from dataclasses import dataclass

__all__ = ["CULTURES", "Culture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """Names used together; a name in another script is written "script:latin".

    Attributes:
        weight: share among all people, in parts of the sum.
        cities: where most of them live.
    """

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    cities: tuple[str, ...]


def _culture(weight: int, *, cities: str, women: str, men: str, families: str) -> Culture:
    def split(text: str) -> tuple[str, ...]:
        return tuple(name.strip() for name in text.split(","))

    return Culture(
        weight=weight, women=split(women), men=split(men), families=split(families), cities=tuple(cities.split("|"))
    )


CULTURES: tuple[Culture, ...] = (
    _culture(
        18,
        cities="San Francisco|New York|Chicago|Austin|Seattle|Boston|Denver|Atlanta|Toronto",
        women="Emily, Madison, Abigail, Jasmine, Savannah, Brooke, Mary Ann, Danielle, Whitney, Keisha, Paige, Taylor",
        men="Jacob, Tyler, Brandon, DeShawn, Austin, Logan, Cody, Marcus, Ethan, J.P., Chase, Darnell",
        families="Smith, Johnson, Williams, Brown, Davis, Miller, Wilson, Moore, Jackson, Harris, Washington, "
        "Carter, Reed, Brooks, Jefferson, Coleman, Hayes, Bryant, Freeman, Whitaker, St. John, Hale-Porter, Hughes, "
        "Lincoln",
    ),
    _culture(
        9,
        cities="London|Leeds|Glasgow|Sydney|Melbourne",
        women="Charlotte, Imogen, Poppy, Harriet, Fiona, Isla, Georgina, Beatrice, Eilidh, Rosalind, Freya, Matilda",
        men="Oliver, Alistair, Rupert, Callum, Nigel, Duncan, Barnaby, Hamish, Graham, Tristan, Ewan, Gareth",
        families="Taylor, Evans, Thomas, Wright, Robinson, Thompson, MacDonald, McLeod, Campbell, Pritchard, "
        "Llewellyn, Fairfax, Ashworth, Hargreaves, Bancroft, Penrose, Tremaine-Cole, Holloway, Whitfield, "
        "Featherstone, Drummond",
    ),
    _culture(
        5,
        cities="Dublin|Boston|Glasgow",
        women="Aoife, Siobhán, Niamh, Róisín, Gráinne, Saoirse, Orla, Ciara, Maeve, Deirdre",
        men="Seán, Pádraig, Cillian, Eoin, Conor, Declan, Fionn, Ruairí, Diarmuid, Oisín",
        families="O'Brien, O'Connor, O'Neill, Ó Súilleabháin, Murphy, Kelly, Byrne, Fitzgerald, McCarthy, Gallagher, "
        "O'Sullivan, Doyle, Nolan, Quinn, Brennan, Mac Giolla Phádraig, Kavanagh, O'Shea, Sweeney",
    ),
    _culture(
        14,
        cities="Berlin|München|Köln|Hamburg",
        women="Käthe, Ursula, Anneliese, Jördis, Heike, Sabine, Friederike, Gisela, Antje, Ulrike, Änne, Lieselotte",
        men="Jürgen, Götz, Björn, Hans-Peter, Günther, Wolfgang, Detlef, Matthias, Rüdiger, Sönke, Uwe, Karl-Heinz",
        families="Müller, Schmidt, Schneider, Fischer, Weber, Groß, Strauß, Schäfer, Köhler, Müller-Lüdenscheidt, "
        "Krüger, von der Heide, zu Hohenfels, Böhm, Jäger, Vogel, Kühn, Lindemann, Brandt, Haas, Öztürk-Bauer, "
        "Pfeiffer, Weiß",
    ),
    _culture(
        8,
        cities="Paris|Lyon|Montréal",
        women="Zoë, Chloé, Anaïs, Éloïse, Inès, Maëlys, Océane, Marie-Claire, Agnès, Solène, Héloïse, Camille",
        men="François, Jérôme, Loïc, Benoît, Gaël, Rémi, Jean-Luc, Étienne, Aurélien, Thibault, Noël, Cédric",
        families="Lefèvre, D'Angelo, de la Fontaine, Dupont, Bélanger, Côté, Gagnon, L'Hermite, Le Goff, Rousseau, "
        "Çelik, Beauséjour, Marchand, Garçon, Roux, Perrin, Chevalier, d'Aubigné, Mercier, Fournier, Lavoie, Moreau",
    ),
    _culture(
        7,
        cities="Madrid|A Coruña|Austin",
        women="María José, Begoña, Íñiga, Lucía, Pilar, Rocío, Araceli, Nuria, Ximena, Sofía, Inmaculada, Valentina",
        men="José, Íñigo, Ángel, Joaquín, Álvaro, Raúl, Iker, Nicolás, Jesús, Gonzalo, Xavier, Ramón",
        families="García, Fernández, Muñoz, Núñez, Ibáñez, Peña, García-Lorca, de los Ríos, Domínguez, Gutiérrez, "
        "Ordóñez, Sáenz, Castaño, Echeverría, Vázquez, López y Vega, Serrano, Zúñiga, Cabañas, Marín, Ochoa, Quintero",
    ),
    _culture(
        5,
        cities="Milano|L'Aquila|New York",
        women="Giulia, Chiara, Niccolò Maria, Francesca, Ludovica, Letizia, Bianca, Fiorella, Noemi, Caterina",
        men="Niccolò, Giosuè, Lorenzo, Matteo, Alessio, Ruggero, Emanuele, Davide, Gianluca, Salvatore",
        families="D'Angelo, D'Amico, Dell'Acqua, Rossi, Bianchi, Esposito, De Luca, Nicolò, Lo Presti, Fabbri, "
        "Cantù, Marchetti, Galli, Ferrero, Sanna, Bellini, Mondadori, Carrà, Pellegrini, Vitale",
    ),
    _culture(
        6,
        cities="Kraków|Łódź|Chicago",
        women="Łucja, Małgorzata, Żaneta, Agnieszka, Kinga, Grażyna, Bożena, Zofia, Wisława, Elżbieta",
        men="Łukasz, Michał, Paweł, Stanisław, Grzegorz, Krzysztof, Zbigniew, Wojciech, Przemysław, Rafał",
        families="Wiśniewski, Kowalczyk, Wójcik, Łukaszewicz, Żuraw, Dąbrowski, Szczęsny, Święty, Źrebiec, "
        "Zieliński, Gołąb, Jabłoński, Piątek, Gwóźdź, Sikorska-Nowak, Brzęczyszczykiewicz, Mazur, Kępa, Ślusarz",
    ),
    _culture(
        5,
        cities="Stockholm|Malmö|Hamburg",
        women="Åsa, Ingrid, Märta, Sølvi, Astrid, Linnéa, Björk, Saga, Pernille, Tuulikki",
        men="Björn, Åke, Søren, Jón Þór, Håkan, Göran, Mikkel, Þorsteinn, Väinö, Torbjörn",
        families="Åström, Björklund, Sjögren, Østergaard, Kjærgaard, Ångström, Jørgensen, Håkansson, Väisänen, "
        "Þórsson, Bergström, Lindqvist, Nyström, Hjalmarsson, Ødegård, Mäkinen, Æbelø, Löfgren, Rasmussen",
    ),
    _culture(
        4,
        cities="São Paulo|Boston",
        women="Conceição, Inês, Luísa, Thaís, Fátima, Beatriz, Mônica, Débora, Letícia, Flávia",
        men="João, Antônio, Caetano, Estêvão, Zé, Gonçalo, Thiago, Luís, Mário, Otávio",
        families="da Silva, dos Santos, Gonçalves, Araújo, Magalhães, Conceição, Simões, Guimarães, de Souza Filho, "
        "Falcão, Brandão, Peixoto, Leitão, Valadão, Assunção, Figueiredo, Sá",
    ),
    _culture(
        6,
        cities="Tokyo|大阪",
        women="さくら:Sakura, 陽子:Yōko, 美咲:Misaki, 花子:Hanako, 結衣:Yui, Keiko, Naomi, 恵:Megumi",
        men="健太:Kenta, 太郎:Tarō, 翔:Shō, Hiroshi, Takeshi, 大輔:Daisuke, 誠:Makoto, Ryō",
        families="小林:Kobayashi, 佐藤:Satō, 鈴木:Suzuki, 高橋:Takahashi, 渡辺:Watanabe, 伊藤:Itō, 大野:Ōno, "
        "長谷川:Hasegawa, 山本:Yamamoto, 中村:Nakamura, 加藤:Katō, 井上:Inoue, 斎藤:Saitō, 藤原:Fujiwara",
    ),
    _culture(
        5,
        cities="Shanghai|San Francisco|Sydney",
        women="丽:Li, 秀英:Xiuying, 雪:Xue, 美玲:Meiling, Yan, Xiaohong, 芳:Fang, Lan",
        men="伟:Wei, 强:Qiang, 磊:Lei, 建国:Jianguo, Jun, Xiaolong, 明:Ming, Bo",
        families="王:Wang, 李:Li, 张:Zhang, 刘:Liu, 陈:Chen, 杨:Yang, 黄:Huang, 赵:Zhao, 吴:Wu, 周:Zhou, "
        "欧阳:Ouyang, 司马:Sima, 吕:Lü, 谢:Xie",
    ),
    _culture(
        6,
        cities="Bengaluru|Mumbai|London|San Francisco",
        women="Priya, Ananya, Lakshmi, Kavitha, Sunita, Aishwarya, Deepika, Meera, Fatima Bi, Harpreet",
        men="Arjun, Ravi, Sanjay, Venkatesh, Imran, Gurpreet, Karthik, Vikram, Naveen Kumar, S. Anand",
        families="Sharma, Patel, Iyer, Krishnamurthy, Singh, Kaur, Chatterjee, Subramaniam, Reddy, Mehta, Nair, "
        "Bhattacharya, Rao, Deshpande, Qureshi, Venkataraman, Joshi, Fernandes, N.",
    ),
    _culture(
        4,
        cities="Lagos|London|Atlanta",
        women="Adaeze, Ngozi, Folásadé, Chidinma, Zainab, Yewande, Ifeoma, Titilayo",
        men="Chukwuemeka, Olúwaṣeun, Babatunde, Emeka, Ibrahim, Tunde, Obinna, Adébáyọ̀",
        families="Okafor, Adeyemi, Okonkwo, Ọlátúnjí, Eze, Balogun, Nwosu, Abubakar, Ogunleye, Igwe, Danjuma, Adichie",
    ),
    _culture(
        4,
        cities="Dubai|Paris|London",
        women="ليلى:Layla, فاطمة:Fatima, Noor, Yasmin, مريم:Maryam, Amal, Huda, Rania",
        men="محمد:Mohammed, أحمد:Ahmed, Omar, Khalid, يوسف:Youssef, Tariq, Hassan, Abd al-Rahman",
        families="الحسن:Al-Hassan, حداد:Haddad, El-Sayed, Ben Youssef, Al Maktoum, Khoury, ibn Rashid, Mansour, "
        "Nasser, السيد:Al-Sayyid, Abu Bakr, Farouk",
    ),
    _culture(
        3,
        cities="Seoul|San Francisco",
        women="지우:Jiwoo, 서연:Seoyeon, Min-ji, Hye-jin, 은주:Eunju, Soo-ah",
        men="민준:Minjun, 동현:Donghyun, Sung-ho, Jae-won, 영수:Youngsoo, Tae-yang",
        families="김:Kim, 이:Lee, 박:Park, 최:Choi, 정:Jung, Kang, Yoon, 임:Lim, Hwang, 남궁:Namgung",
    ),
    _culture(
        3,
        cities="İstanbul|Berlin",
        women="Ayşe, Gülşen, İpek, Özlem, Çiğdem, Şule, Elif, Tuğba",
        men="Çağlar, Şükrü, Oğuz, İbrahim, Ümit, Görkem, Mehmet, Uğur",
        families="Yılmaz, Şahin, Öztürk, Çelik, Güneş, Yıldız, Kılıç, Doğan, Işık, Ağaoğlu, Erdoğdu, Taş",
    ),
    _culture(
        3,
        cities="Kyiv|Kraków",
        women="Оксана:Oksana, Наталія:Nataliia, Iryna, Лариса:Larysa, Halyna, Sofiia",
        men="Олександр:Oleksandr, Тарас:Taras, Dmytro, Андрій:Andrii, Bohdan, Yurii",
        families="Шевченко:Shevchenko, Коваленко:Kovalenko, Бондар:Bondar, Ткачук:Tkachuk, Lysenko, Hrytsenko, "
        "Мельник:Melnyk, Kravets",
    ),
    _culture(
        3,
        cities="Thành phố Hồ Chí Minh|San Francisco",
        women="Hương, Thị Mai, Phượng, Ngọc Ánh, Lan, Thùy",
        men="Đức, Văn Hùng, Quốc, Dũng, Minh, Tuấn",
        families="Nguyễn, Trần, Lê, Phạm, Đặng, Võ, Đỗ, Hồ, Bùi, Huỳnh, Lý",
    ),
)
