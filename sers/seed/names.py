"""Names of invented people, as various as those of Washington's schools: no name here is anybody's in particular."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Tradition:
    """First and last names that go together, and how common they are among students."""

    weight: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    middle: tuple[str, ...] = ()
    #: Of a hundred people: how many carry two last names, and how many one name only.
    double: int = 0
    single: int = 0
    joint: tuple[str, ...] = (" ",)


def _words(text: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(" ".join(name.split()) for name in text.split(","))


ENGLISH = Tradition(
    weight=46,
    first=_words(
        """Emma, Olivia, Ava, Sophia, Isabella, Mia, Charlotte, Amelia, Harper, Evelyn, Abigail, Emily, Ella, Avery,
        Scarlett, Grace, Chloe, Lily, Aria, Zoey, Hannah, Addison, Brooklyn, Natalie, Leah, Savannah, Audrey, Claire,
        Paisley, Skylar, Madison, Kaylee, Ruby, Hailey, Autumn, Piper, Sadie, Quinn, Maya, Delaney, Liam, Noah,
        William, James, Benjamin, Lucas, Henry, Alexander, Mason, Ethan, Jacob, Logan, Jackson, Levi, Owen, Wyatt,
        Jack, Luke, Caleb, Isaac, Hunter, Eli, Connor, Landon, Colton, Austin, Carson, Cooper, Easton, Parker, Chase,
        Tanner, Gavin, Tyler, Brody, Wesley, Garrett, Spencer, Micah, River, Rowan, Sawyer, Riley, Peyton, Morgan,
        Taylor, Jordan, Casey, Reese, Hayden, Emerson, Finley, Zoë, Renée, Chloé, Anne-Marie, Mary Beth, D'Andre"""
    ),
    last=_words(
        """Smith, Johnson, Williams, Brown, Jones, Miller, Davis, Wilson, Anderson, Taylor, Thomas, Moore, Jackson,
        Martin, Thompson, White, Harris, Clark, Clarkston, Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott,
        Hill, Green, Adams, Nelson, Baker, Hall, Campbell, Mitchell, Carter, Roberts, Phillips, Evans, Turner, Parker,
        Collins, Edwards, Stewart, Morris, Murphy, Cook, Rogers, Morgan, Peterson, Cooper, Reed, Bailey, Bell, Kelly,
        Howard, Ward, Cox, Richardson, Wood, Watson, Brooks, Bennett, Gray, James, Hughes, Price, Myers, Long, Foster,
        Sanders, Ross, Powell, Sullivan, Russell, Jenkins, Perry, Butler, Barnes, Fisher, Henderson, Coleman,
        Simmons, Patterson, Jordan, Reynolds, Hamilton, Graham, Wallace, Woods, Cole, West, Owens, Hayes, Bryant,
        Ellis, Gibson, Ford, Marshall, Harrison, McDonald, McKenzie, McAllister, MacLeod, O'Brien, O'Connor, O'Neal,
        Fitzgerald, St. Clair, Larsen, Olson, Hansen, Jørgensen, Lindström, Sørensen, Nygård, Kowalski, Müller,
        Schroeder, Van Dyke, Vander Wal, De Vries, Le Blanc, Dubois, Rossi, Fontaine, Whitaker, Hollingsworth,
        Featherstone, Ravenscroft, Ashworth, Thorne, Kingsley, Holloway, Merriweather, Pemberton, Yarborough"""
    ),
    middle=_words("Ann, Lynn, Marie, Rose, Jo, Lee, Ray, James, Michael, Grace, Kay, Dean, Scott, Elise"),
    double=4,
    joint=("-",),
)
SPANISH = Tradition(
    weight=30,
    first=_words(
        """Sofía, Valentina, Camila, Ximena, Daniela, Alejandra, Mariana, Fernanda, Guadalupe, Lucía, Esmeralda,
        Yesenia, Marisol, Itzel, Citlali, Paloma, Araceli, Rocío, Jimena, Renata, Natalia, Gabriela, Ana, María José,
        Angélica, Beatriz, Verónica, Perla, Dulce, Elena, Mateo, Santiago, Diego, Ángel, José, Luis, Jesús, Carlos,
        Juan, Miguel, Alejandro, Emiliano, Maximiliano, Leonardo, Sebastián, Adrián, Iván, Ramón, Héctor, Óscar,
        Andrés, César, Raúl, Rubén, Julián, Joaquín, Fernando, Eduardo, Francisco, Ricardo, Martín, Cristóbal,
        Ulises, Noé, Saúl, Tomás, Efraín, Gustavo, Ignacio, Rafael, José Luis, Juan Pablo"""
    ),
    last=_words(
        """García, Hernández, Martínez, López, González, Rodríguez, Pérez, Sánchez, Ramírez, Cruz, Flores, Gómez,
        Morales, Vázquez, Reyes, Jiménez, Torres, Díaz, Gutiérrez, Ruiz, Mendoza, Aguilar, Ortiz, Castillo, Romero,
        Álvarez, Moreno, Chávez, Rivera, Juárez, Ramos, Domínguez, Herrera, Medina, Castro, Vargas, Guzmán, Velásquez,
        Rojas, Contreras, Salazar, Luna, Ortega, Guerrero, Estrada, Bautista, Cervantes, Soto, Alvarado, Ríos,
        Delgado, Mejía, Vega, Sandoval, Carrillo, León, Muñoz, Cisneros, Peña, Núñez, Acosta, Zamora, Barajas,
        Villaseñor, Magaña, Ibáñez, Ayala, Espinoza, Galván, Zúñiga, de la Cruz, de León, Del Río, Montes de Oca"""
    ),
    middle=_words("Elena, Isabel, Antonio, Ángel, Jesús, Manuel, Rosa, del Carmen"),
    double=38,
    joint=(" ", " ", "-"),
)
SLAVIC = Tradition(
    weight=6,
    first=_words(
        """Oksana, Daryna, Yuliia, Anastasiia, Kateryna, Sofiia, Solomiia, Viktoriia, Nadiia, Bohdana, Svitlana,
        Olena, Iryna, Andriy, Bohdan, Dmytro, Taras, Mykola, Oleksandr, Vasyl, Yaroslav, Nazar, Maksym, Ivan, Roman,
        Stanislav, Timofey, Vadim, Ruslan, Łukasz"""
    ),
    last=_words(
        """Shevchenko, Kovalenko, Bondarenko, Tkachenko, Kravchenko, Oliynyk, Shevchuk, Polishchuk, Boyko, Melnyk,
        Marchenko, Lysenko, Savchenko, Rudenko, Petrenko, Moroz, Hrytsenko, Panasiuk, Zhuk, Kuzmenko, Ponomarenko,
        Vasylenko, Levchenko, Kharchenko, Sydorenko, Karpenko, Havryliuk, Ivashchenko, Ivanov, Volkov, Popov,
        Sokolov, Morozov, Fedorov, Zielińska, Dąbrowski"""
    ),
)
VIETNAMESE = Tradition(
    weight=4,
    first=_words(
        """Anh, Linh, Thảo, Hương, Mai, Ngọc, Phương, Quỳnh, Trang, Vy, Thanh, Bảo, Đức, Hiếu, Hoàng, Khoa, Long,
        Minh, Nam, Phúc, Quân, Sơn, Tâm, Tuấn, Việt, Khánh"""
    ),
    last=_words(
        """Nguyễn, Nguyen, Trần, Tran, Lê, Phạm, Pham, Huỳnh, Hoàng, Phan, Vũ, Võ, Đặng, Dang, Bùi, Đỗ, Hồ, Ngô,
        Dương, Lý, Truong, Đinh"""
    ),
    middle=_words("Thị, Văn, Hữu, Minh, Kim, Ngọc"),
)
NATIVE = Tradition(
    weight=4,
    first=_words(
        """Raven, Cheyenne, Dakota, Sage, Tiva, Aiyana, Kaya, Winona, Lena, Delphine, Rosalie, Marvin, Leonard,
        Tobias, Elias, Cody, Talon, Chance, Wade, Orin, Kai, Nathaniel, Sierra, Willow"""
    ),
    last=_words(
        """George, Sam, Joseph, Moses, Jim, Charley, Pierre, Antoine, Louie, Paul, Alexander, Hill, Whitewater,
        Redhawk, Two Rivers, Longtree, Stillwater, Bright Cloud, Swan, Eagle Speaker, Tall Pine, Redelk, Clearsky,
        Cedarbough"""
    ),
    double=6,
    joint=("-",),
)
SOMALI = Tradition(
    weight=4,
    first=_words(
        """Hodan, Ayaan, Fadumo, Ifrah, Nasteho, Sahra, Khadija, Amina, Hamdi, Ubah, Safiya, Abdi, Abdirahman, Ahmed,
        Bilal, Farah, Guled, Hassan, Ibrahim, Ismail, Khalid, Liban, Mohamed, Yusuf, Zakariya, Mahad, Selam, Dawit,
        Bethlehem, Yonas"""
    ),
    last=_words(
        """Abdi, Abdullahi, Ahmed, Ali, Farah, Hassan, Hersi, Hussein, Ibrahim, Ismail, Jama, Mohamud, Muse, Nur,
        Omar, Osman, Roble, Sharif, Warsame, Yusuf, Bulle, Egal, Guled, Tesfaye, Gebremedhin, Haile, N'Diaye"""
    ),
    single=3,
)
ASIAN = Tradition(
    weight=4,
    first=_words(
        """Angelica, Jasmine, Kimberly, Grace, Priya, Ananya, Harpreet, Simran, Mei, Xin Yi, Yuna, Ji-woo, Seo-yeon,
        Haruka, Kenji, Jun, Wei, Min-jun, Arjun, Rohan, Gurpreet, Manpreet, Jerome, Mark Anthony, John Paul, Danilo,
        Sopheap, Bopha, Kosal, Vannak, Mai See, Pa Kou, Tou"""
    ),
    last=_words(
        """Kim, Lee, Park, Choi, Chen, Wang, Li, Zhang, Liu, Huang, Singh, Kaur, Patel, Sharma, Gill, Sandhu, Dhillon,
        Santos, Bautista, Dela Cruz, Villanueva, Manalo, Tanaka, Yamamoto, Saitō, Chea, Sok, Keo, Vang, Xiong, Yang,
        Lor, Moua"""
    ),
    single=2,
)
PACIFIC = Tradition(
    weight=2,
    first=_words(
        """Leilani, Malia, Kalani, Nohea, Sina, Lupe, Mele, Ana, Tevita, Sione, Semisi, Keoni, Kawika, Ioane, Tavita,
        Jabwe, Jorlang, Hemity"""
    ),
    last=_words(
        """Kahale, Kealoha, Kaʻaihue, Nāone, Faleolo, Tuiasosopo, Fonoti, Taufa, Vea, Latu, Tupou, Leavai, Lokeijak,
        Kabua, Jorkan, Langrin"""
    ),
    single=2,
)

TRADITIONS = (ENGLISH, SPANISH, SLAVIC, VIETNAMESE, NATIVE, SOMALI, ASIAN, PACIFIC)
WEIGHTS = tuple(tradition.weight for tradition in TRADITIONS)


@dataclass(frozen=True, slots=True)
class Name:
    first: str
    middle: str
    last: str
    former: str = ""


def invent(random: Random) -> Name:
    """One invented person's name: sometimes two last names, a middle name, a former name, or one name only."""
    tradition = random.choices(TRADITIONS, WEIGHTS)[0]
    first, last = random.choice(tradition.first), random.choice(tradition.last)
    if random.randrange(100) < tradition.single:
        return Name(first, "", "")
    if random.randrange(100) < tradition.double:
        other = random.choice(tradition.last)
        if other != last:
            last = f"{last}{random.choice(tradition.joint)}{other}"
    middle = random.choice(tradition.middle) if tradition.middle and random.randrange(100) < 22 else ""
    former = random.choice(tradition.last) if random.randrange(100) < 2 else ""
    return Name(first, "" if middle == first else middle, last, "" if former == last else former)
