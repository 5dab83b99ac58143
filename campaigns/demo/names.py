"""Invented companies and people, region by region: hills, rivers and plants lend the names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """What one cluster's invented members are made of."""

    cluster: str
    region: str
    country: str
    legal_form: str
    companies: int
    languages: tuple[tuple[str, int], ...]
    cities: tuple[str, ...]
    stems: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


POOLS = (
    Pool(
        "biocat", "catalonia", "ES", "SL", 42, (("ca", 9), ("es", 8), ("en", 2)),
        ("Barcelona", "Sabadell", "Terrassa", "Girona", "Reus", "Lleida", "Sant Cugat del Vallès"),
        _words(
            "Garbí Tramuntana Llevant Mestral Xaloc Migjorn Pedraforca Montsec Carlit Canigó "
            "Fluvià Francolí Siurana Garrotxa Ripollès Solsonès Alzina Roureda Ginesta Farigola "
            "Romaní Lledoner Ametller Sargantana Oreneta Puput Gavina Esquirol Isard Cadí Montseny "
            "Pallars Segarra Urgell Garraf Moianès Berguedà Ribera Matagalls Puigmal Besiberri "
            "Aiguafreda"
        ),
        _words(
            "Núria Jordi Montserrat Pau Mireia Arnau Laia Oriol Meritxell Biel Carme Ferran Gemma "
            "Guillem Eulàlia Albert Roser Martí Anna Xavier Clàudia Pere Júlia Roger"
        ),
        _words(
            "Torrents Sagarra Cabanes Vilaseca Riudoms Espinalt Masdeu Figuerola Borrell Closa "
            "Puigcorbé Ventalló Roquer Casademont Terricabras Solanelles Altarriba Comajuan Serrat "
            "Fontcuberta Oliveras Rourera Sunyol Vallbona"
        ),
    ),
    Pool(
        "biom", "bavaria", "DE", "GmbH", 44, (("de", 9), ("en", 1)),
        ("Martinsried", "München", "Regensburg", "Würzburg", "Erlangen", "Augsburg", "Penzberg"),
        _words(
            "Ammersee Wendelstein Karwendel Watzmann Chiemgau Altmühl Lechfeld Regnitz Spessart "
            "Frankenwald Donaumoos Wörnitz Paartal Würmtal Loisach Mangfall Steigerwald Hallertau "
            "Rottal Ilztal Zwiesel Benediktenwand Kochelsee Walchen Staffelsee Osterseen Tauern "
            "Herzogstand Brauneck Sonthofen Iller Günztal Mindel Schmutter Zusam Kessel Wertach "
            "Vils Naab Schwarzach Pegnitz Aisch Tauber Saaletal"
        ),
        _words(
            "Anneliese Jörg Katharina Matthias Ulrike Florian Sabine Tobias Jürgen Verena Markus "
            "Franziska Lukas Brigitte Günther Theresa Korbinian Julia Sebastian Monika Käthe "
            "Andreas Veronika Maximilian"
        ),
        _words(
            "Lindenthal Reitmayr Hölzlwimmer Obermoser Kirchgässner Stadlhuber Wiesböck "
            "Grünwaldner Thalhammer Brandlechner Eberswieser Kaltenegger Rothmüller Schönleitner "
            "Auerbacher Moosrainer Vordermayr Zwickenpflug Haslbrunner Ziegltrum Perlinger "
            "Öttlmayr Strasswender Feichtgruber"
        ),
    ),
    Pool(
        "biopmed", "piedmont", "IT", "Srl", 28, (("it", 9), ("en", 1)),
        ("Torino", "Colleretto Giacosa", "Ivrea", "Novara", "Alessandria", "Cuneo", "Biella"),
        _words(
            "Monviso Langhe Roero Canavese Valsesia Ossola Tanaro Bormida Stura Chisone Pellice "
            "Varaita Maira Belbo Scrivia Superga Serra Mombarone Orsiera Gran-Paradiso Vallone "
            "Sangone Malone Ceronda Viù Grana Ellero Corsaglia"
        ),
        _words(
            "Giulia Marco Chiara Lorenzo Francesca Matteo Elena Davide Niccolò Paola Alessandro "
            "Silvia Federico Marta Riccardo Ilaria Stefano Beatrice Tommaso Lucia"
        ),
        _words(
            "Bertolino Ceresole Valperga Montanaro Bellardo Cravanzola Dogliotti Fenoglietto "
            "Garessio Marentino Perrero Quagliasco Rivalta Sommariva Traversella Vernante Zumaglia "
            "Agliano Boccioleto Castelletto"
        ),
    ),
    Pool(
        "lyonbiopole", "auvergne-rhone-alpes", "FR", "SAS", 38, (("fr", 9), ("en", 1)),
        ("Lyon", "Grenoble", "Clermont-Ferrand", "Saint-Étienne", "Villeurbanne", "La Tronche",
         "Archamps"),
        _words(
            "Vercors Chartreuse Belledonne Beaujolais Forez Bauges Aravis Pilat Azergues Ardèche "
            "Tarentaise Maurienne Vanoise Bugey Dombes Sancy Cézallier Margeride Livradois "
            "Combrailles Chablais Faucigny Oisans Trièves Diois Baronnies Meygal Velay Coiron "
            "Tanargue Revermont Valromey Bièvre Matheysine Lyonnais Brévenne Beaufortain Giffre"
        ),
        _words(
            "Hélène Jérôme Claire Sébastien Amélie Étienne Mathilde Bastien Céline Rémi Sylvie "
            "François Apolline Thierry Noémie Gaël Aurélie Benoît Chloé Cédric Élodie Laurent Inès "
            "Olivier"
        ),
        _words(
            "Vaugneray Charolles Ternand Montrottier Oingt Lefèvrier Chazelles Thizy Marcigny "
            "Rochetaillée Bessenay Courzieu Duerne Fleurieux Grézieu Jarnioux Larajasse Messimy "
            "Pollionnay Savigneux Theizé Yzeron Aveize Brussieu"
        ),
    ),
    Pool(
        "biowin", "wallonia", "BE", "SRL", 4, (("fr", 5), ("en", 1)),
        ("Gosselies", "Liège", "Louvain-la-Neuve"),
        ("Semois", "Ourthe", "Amblève", "Lesse"),
        ("Thibault", "Maëlle", "Quentin", "Aurore", "Grégory", "Delphine"),
        ("Noirhomme", "Vielsalm", "Houffalize", "Trooz", "Chiny", "Redu"),
    ),
    Pool(
        "life-science-nord", "northern-germany", "DE", "GmbH", 4, (("de", 5), ("en", 1)),
        ("Hamburg", "Kiel", "Lübeck"),
        ("Alsterlauf", "Schlei", "Dithmarschen", "Ammersbek"),
        ("Wiebke", "Hauke", "Silke", "Torben", "Frauke", "Jens"),
        ("Harmsen", "Petersdotter", "Lüttjohann", "Brodersund", "Timmermoor", "Ketelsby"),
    ),
)  # fmt: skip

# what a company does: second part of its name, product kind, therapeutic areas
TRADES = (
    ("Therapeutics", "drug", ("oncology", "inflammatory")),
    ("Diagnostics", "diagnostic", ("personalised", "oncology")),
    ("Medical", "device", ("cardiovascular",)),
    ("Digital Health", "digital", ("personalised", "metabolic")),
    ("Vaccines", "vaccine", ("infectious",)),
    ("Neuro", "drug", ("cns",)),
    ("Preclinical", "cro", ("oncology",)),
    ("Nutrition", "supplier", ("nutrition", "metabolic")),
    ("Animal Health", "veterinary", ("infectious",)),
    ("Biosciences", "drug", ("cardiovascular", "metabolic")),
)

JOBS = (
    "CEO", "Business development", "Chief scientific officer", "Head of partnering",
    "Chief operating officer", "International sales", "Regulatory affairs",
)  # fmt: skip
TITLES = {"ES": "Dr.", "DE": "Dr.", "FR": "Dr", "IT": "Dott.", "BE": "Dr"}
