"""What words mean, in four languages: the concepts that a small training set cannot learn alone.

Written by us. An entry is a word, a stem (`word*`) or a phrase of those; entries are separated by
commas and folded like the emails are, so accents and capitals do not matter here.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from classifiers.text import Sentence, fold, split_elisions

CONCEPTS: dict[str, str] = {
    "sign_in": """
        log in, login*, log on, logon, logging in, logged in, logged out, log back in, sign in,
        signin, sign on, signing in, signed in, signed out, get in, get into, getting into, get
        back into, cant access, access my, access to my, regain access, let me in, lets me in,
        enter my, username, user name, userid, user id, session expired, einlogg*, eingeloggt,
        anmelden, anmeldung, anzumelden, angemeldet, einwählen, zugang, zugangsdaten, zugriff,
        reinkomm*, rein komm*, hineinkomm*, komme nicht rein, komme nicht in, benutzername*,
        nutzername*, ausgeloggt, iniciar sesión, inicio de sesión, inicio sesión, entrar, acceder,
        acceso, accedo, usuario, ingresar, entro, connexion, connecter, connecte, reconnecter,
        identifier, identifiant*, accéder, accès, me loguer, entrer dans""",
    "secret": """
        password*, passwd, pasword*, passwort*, pass word, passcode*, pass code, passphrase*, pw,
        pwd, pin, pins, pin code, pin number, security question*, credentials, login code*,
        verification code*, one time code*, security code*, otp, 2fa, mfa, two factor,
        authenticator, passkey*, kennwort*, geheimzahl, bestätigungscode*, sicherheitscode*,
        sicherheitsfrage*, zwei faktor, einmalcode*, contraseña*, clave, claves, código*, pin
        secreto, verificación, mot de passe, mots de passe, mdp, code secret, code de
        vérification, code confidentiel, double authentification""",
    "renew": """
        reset*, re set, resett*, change my, change the, changing, changed my, update my, new
        password, new pin, new one, set a new, set up a new, choose a new, forgot, forgotten,
        forget, recover*, restore*, remember my, cant remember, dont remember, expired, replace
        my, zurücksetz*, zurückgesetzt, zurückzusetzen, ändern, geändert, vergessen, neues
        passwort, neues kennwort, neu setzen, wiederherstell*, erinnere mich nicht, abgelaufen,
        restablec*, olvid*, cambiar, cambio de, recuper*, reestablec*, nueva contraseña, caducad*,
        resetear, no recuerdo, no me acuerdo, renovar, réinitialis*, oubli*, changer, changement,
        modifier, nouveau mot de passe, récupér*, expiré*, me souviens plus, me rappelle plus""",
    "locked": """
        locked, lock out, lockout, locks me, locking me, unlock*, blocked, block my, unblock*,
        frozen, freeze, froze, unfreeze, on hold, a hold, disabled, deactivated, reactivate,
        reenable, suspended, shut out, kicked out, kicks me, too many attempts, too many tries,
        wrong too many, gesperrt, entsperr*, sperrung, gesperrtes, ausgesperrt, freischalt*,
        freigeschaltet, blockiert, zu viele versuche, deaktiviert, rausgeworfen, bloque*,
        desbloque*, suspendid*, demasiados intentos, inhabilitad*, desactivad*, bloqu*, débloqu*,
        verrouill*, déverrouill*, suspendu*, trop de tentatives, désactivé*""",
    "account": """
        account*, acct, profile, membership, konto, kontos, benutzerkonto, kundenkonto, profil,
        nutzerkonto, cuenta, cuentas, perfil, compte, comptes, espace client, espace personnel""",
    "reset_mail": """
        reset link, reset mail, reset email, the link, a link, link expired, link has expired,
        link does, link doesnt, no email, never arriv*, email never, doesnt arrive, didnt arrive,
        not arrived, hasnt arrived, never got the, spam folder, junk folder, junk, resend, der
        link, den link, kein link, kommt nicht an, kommt keine, keine mail, keine e mail,
        spamordner, spam ordner, no me llega, no llega, no me ha llegado, el enlace, enlace,
        carpeta de spam, le lien, lien, ne reçois, reçois pas, reçu aucun, dossier spam,
        indésirables""",
    "wrong_secret": """
        wrong password, incorrect, invalid, not recognised, not recognized, doesnt recognise, does
        not recognise, not accept*, wont accept, doesnt accept, says wrong, keeps saying, keeps
        telling, doesnt work, does not work, not working, wont work, wont let, not let me, doesnt
        let, falsches, falsch, ungültig, nicht erkannt, nimmt mein, funktioniert nicht, geht
        nicht, klappt nicht, incorrecta, incorrecto, inválid*, no reconoce, no me deja, no
        funciona, no acepta, incorrect*, invalide, refuse mon, ne marche, ne fonctionne, marche
        pas, fonctionne pas""",
    "breach": """
        breach*, leak*, data theft, data loss, hack*, hacker*, compromis*, cyber*, ransomware,
        data incident, security incident, incident, the notice, your notice, exposed, exposure,
        dark web, darknet, intrusion, attack, attackers, attacked, in the news, on the news, got
        out, out there, stolen data, stole my data, lost our data, lost my data, thieves,
        criminals, datenleck*, datenpanne*, datenklau, datendiebstahl, gehackt, hackerangriff*,
        sicherheitsvorfall, vorfall, sicherheitslücke, cyberangriff*, angriff, abgeflossen,
        geleakt, datenschutzvorfall, datenverlust, brecha*, filtrac*, filtrad*, hackead*, hackeo,
        ciberataque*, ataque, robo de datos, vulnerad*, incidente, expuest*, fuga de datos,
        fuite*, piratage*, piraté*, pirates, cyberattaque*, attaque, violation de données, vol de
        données, divulgué*, dévoilé*, fuité*""",
    "personal": """
        my data, our data, his data, her data, personal data, customer data, the data, my details,
        our details, my information, personal information, personal details, my info, my records,
        date of birth, birth date, birthday, social security, ssn, passport*, id card, home
        address, my address, phone number, medical*, patient*, health record*, test results,
        identity, privacy, private, meine daten, unsere daten, seine daten, ihre daten, daten,
        kundendaten, persönliche*, personenbezogen*, geburtsdatum, ausweis*, personalausweis,
        reisepass, adresse, telefonnummer, gesundheitsdaten, datenschutz*, privatsphäre,
        identität*, mis datos, nuestros datos, sus datos, datos, dni, información personal,
        pasaporte, fecha de nacimiento, dirección, historial médico, privacidad, identidad, mes
        données, nos données, ses données, données, informations, infos, coordonnées, date de
        naissance, passeport, carte d'identité, dossier médical, vie privée, identité""",
    "card": """
        card, cards, card number, card details, credit card*, debit card*, cvv, cvc, iban, bank
        account, bank details, bank data, payment details, payment data, sort code, bank, my bank,
        karte, karten, kreditkarte*, bankkarte*, bankdaten, kontodaten, kontonummer, kartennummer,
        kreditkartendaten, zahlungsdaten, bankverbindung, tarjeta*, datos bancarios, cuenta
        bancaria, número de cuenta, banco, mi banco, carte, cartes, carte bancaire, carte bleue,
        cb, rib, coordonnées bancaires, données bancaires, banque, ma banque""",
    "fraud": """
        fraud*, scam*, stolen, stole, steal*, theft, thief, unauthori*, unrecogni*, unknown
        charge*, unknown payment*, unfamiliar, suspicious, strange charge*, strange payment*,
        strange transaction*, odd transaction*, weird charge*, weird transaction*, phish*,
        impersonat*, spoof*, in my name, using my, used my, uses my, someone else, somebody else,
        someone has, someone is, somebody is, somebody has, some stranger, wasnt me, was not me,
        not mine, isnt mine, not by me, never bought, never made, never ordered, never authorised,
        never authorized, didnt make, did not make, didnt authorise, didnt authorize, didnt buy,
        didnt order, dont recognise, dont recognize, do not recognise, do not recognize, cloned,
        skimmed, tampered, lost card, lost my card, missing card, took money, money is gone, money
        gone, emptied, betrug*, betrüger*, gestohlen*, geklaut*, diebstahl, missbrauch*,
        unberechtigt*, unbekannte abbuch*, verdächtig*, nicht von mir, war ich nicht, in meinem
        namen, nicht bestellt, nie bestellt, fremde*, phishing*, spoofing, identitätsdiebstahl,
        fraude*, estafa*, robo, robad*, roban, sospechos*, no reconozco, no he hecho, no hice, en
        mi nombre, suplanta*, no fui yo, no autori*, cargos extraños, cargo extraño, fraudul*,
        escroc*, escroquerie*, arnaque*, vol, volé*, usurpation, usurp*, suspect*, hameçonnage, en
        mon nom, pas moi, jamais commandé, reconnais pas, pas autorisé*""",
    "charge": """
        charge, charges, charged, transaction*, payment*, withdrawal*, withdrawn, direct debit*,
        debited, purchase*, statement, cash, atm, abbuchung*, abgebucht, buchung*, zahlung*,
        überweisung*, lastschrift*, kontoauszug, cargo, cargos, cobro*, cobrad*, pago, pagos,
        transacci*, retirad*, extracto, prélèvement*, prélevé*, débit*, paiement*, achat*,
        virement*, relevé, retrait*""",
    "affected": """
        affected, impacted, am i, are we, was i, were we, was my, were my, is my, are my, been
        taken, was taken, were taken, what was, which of my, whats been, involved, included, at
        risk, in danger, still safe, is it safe, am i safe, safe to, safe, secure, exactly was,
        concerned by, caught up, betroffen*, bin ich, sind wir, sind meine, ist mein, ist meine,
        wurden meine, wurde mein*, welche daten, sicher, gefährdet, in gefahr, afectad*, a salvo,
        segur*, están mis, está mi, han robado, qué datos, cuáles datos, en peligro, en riesgo,
        soy uno, concerné*, touché*, affecté*, impacté*, en sécurité, suis je, est ce que mes, mes
        données sont, quelles données, en danger, à risque, sécuris*""",
    "rights": """
        gdpr, dsgvo, rgpd, ccpa, delete my, delete all, deleted, delete everything, deletion,
        erase*, erasure, remove my data, remove all, remove my details, close my account and,
        right to, subject access, copy of my data, copy of all, copy of everything, export my,
        what you hold, hold about me, hold on me, know about me, store about, data protection,
        stored about, lösch*, gelösch*, auskunft, artikel 0, art 0, datenauskunft, gespeichert*,
        kopie meiner, exportier*, elimin*, borr*, supresión, derecho de acceso, derecho al olvido,
        copia de mis, exportar, almacen*, supprim*, effac*, suppression, droit d'accès, droit à
        l'oubli, droit de, copie de mes, exporter, conservez""",
    "genuine": """
        is this real, is it real, really from you, really you, genuine, genuinely, legit,
        legitimate, is this a scam, a fake, fake, real email, real or, trust this, did you send,
        actually from, is that from you, phishing, echt, wirklich von ihnen, wirklich von euch,
        fälschung, haben sie mir, gefälscht*, verdadero, auténtic*, es real, es vuestro, es suyo,
        fals*, habéis enviado, han enviado ustedes, authentique, vraiment de vous, vient de vous,
        vient bien de, est ce vous, un faux, légitime""",
    "protect": """
        protect*, monitor*, credit monitoring, credit bureau, safeguard, should i do, do i need,
        need to do, do i have to, must i, what now, what happens now, next steps, schützen,
        schutz, muss ich, soll ich, was tun, was nun, was muss, was soll, proteger*, protección,
        qué hago, debo hacer, tengo que, qué debo, protéger, protection, dois je, que faire, que
        dois, faut il""",
    "parcel": """
        order*, deliver*, parcel*, package*, shipping, shipped, shipment, courier, tracking,
        refund*, return*, exchange, invoice*, receipt*, warranty, voucher*, coupon*, discount*,
        gift card*, size, sizes, colour, color, stock, price*, bestell*, liefer*, paket*, versand,
        sendung*, rechnung*, rückgabe, retour*, erstatt*, gutschein*, rabatt*, garantie, größe,
        preis*, pedido*, envío, envíos, paquete*, entrega*, devoluci*, devolver, reembols*,
        factura*, garantía, talla, precio*, descuento*, commande*, livr*, colis, expéd*,
        rembours*, factur*, taille, prix, bon d'achat, remise""",
    "everyday": """
        appointment*, booking*, flight*, seat*, opening hours, opening times, subscription*,
        invoice*, plan, upgrade*, feature*, app, update, version, install*, manual, teacher*,
        class, course*, homework, level, game, character, broadband, router, internet, signal,
        roaming, termin*, öffnungszeiten, flug*, abo, tarif*, vertrag*, funktion*, kurs*, spiel,
        reservier*, cita*, reserva*, vuelo*, horario*, suscripci*, tarifa*, contrato*, juego,
        curso*, rendez vous, réserv*, vol pour, horaire*, abonnement*, forfait*, contrat*, jeu,
        cours""",
    "fury": """
        furious, fuming, livid, outrag*, disgrace*, disgust*, unacceptable, inexcusable,
        appalling, appalled, shameful, shame on, ashamed, pathetic, useless, incompeten*,
        scandal*, atrocious, abysmal, dreadful, horrendous, horrible, terrible, awful, worst,
        joke, laughable, clown*, clueless, idiot*, moron*, stupid, ridiculous, insult*, liar*,
        lying, lied, lies, crook*, negligen*, careless*, reckless*, irresponsib*, fed up, sick of,
        sick and tired, had enough, enough is enough, beyond belief, unbelievable, unforgivable,
        betray*, angry, anger, mad at, upset, rage, hate, hated, garbage, rubbish, crap*, shit*,
        fuck*, bloody, damn, wtf, sucks, sucked, bullshit, shambles, fiasco, farce, how dare, how
        could you, screw*, rip off, ripoff, unverschämt*, frechheit, dreist*, sauerei,
        schweinerei, unfassbar*, skandal*, wütend, wut, stinksauer, sauer, inakzeptabel,
        unmöglich*, lächerlich*, schlamper*, katastroph*, saftladen, schäm*, schande, peinlich*,
        unfähig*, verarsch*, scheiß*, mist, zumutung, armutszeugnis, unerhört, unglaublich,
        enttäusch*, verantwortungslos*, fahrlässig*, reicht's, es reicht, vergüenza, vergonzos*,
        inaceptable*, indigna*, furios*, pésim*, asco, lamentable, ridícul*, estafadores,
        incompeten*, inútil*, mentiros*, mentira*, harto, harta, enfadad*, cabread*, escándalo,
        burla, tomadura, mierda, irresponsab*, negligen*, intolerable, desastre, honte*,
        inadmissible*, inacceptable*, scandal*, furieu*, ras le bol, lamentable*, incapable*,
        incompéten*, ridicule*, menteu*, mensonge*, en colère, colère, énervé*, foutre, foutez,
        merde, indigne*, révolt*, déplorable*, irresponsable*, négligen*, intolérable*,
        scandaleu*, moquez""",
    "bad": """
        disappoint*, bad, badly, worse, poor, poorly, slow, broken, broke, fail*, annoy*,
        frustrat*, waste*, wasted, problem*, wrong, unhappy, avoid, cheap, cheaply, boring, bored,
        dull, lame, weak, mess, mediocre, unreliable, uncomfortable, difficult, defect*, dead,
        died, dies, unusable, junk, flaw*, mistake, regret*, lousy, ugly, dumb, lacking, lacks,
        unfortunately, overpriced, predictable, pointless, unfunny, bland, stay away, dont buy, do
        not buy, money back, return it, doesnt work, does not work, stopped working, complain*,
        complaint*, unprofessional, rude, ignored, ignore, ignoring, nobody cares, dont care,
        poorest, hardly, schlecht*, langsam, kaputt, leider, ärger*, fehler, mangelhaft,
        unzufrieden, beschwer*, nervt, nervig, unhöflich, ignorier*, problem*, mies*, mal, malo,
        mala, peor, lento, roto, decepci*, queja*, problema*, fallo, defectuos*, grosero, ignoran,
        mauvais*, pire, lent, cassé*, déçu*, décev*, plainte, problème*, défectueu*, nul, nulle,
        impoli*, ignoré*""",
    "joy": """
        great, greatest, excellent, love, loved, loves, lovely, wonderful*, amazing, amazed,
        fantastic*, brilliant*, awesome, perfect*, best, happy, happier, pleased, pleasure, good,
        nice, nicely, recommend*, impressed, impressive, helpful, friendly, enjoy*, beautiful*,
        well done, well made, keep up, superb*, terrific, outstanding, fabulous, delight*, fun,
        funny, hilarious, comfortable, reliable, sturdy, works well, works great, worked great,
        worked well, works perfectly, glad, satisfied, smooth*, easy, quick, incredible,
        incredibly, favorite, favourite, charming, touching, sweet, fast, flawless*, top notch,
        first class, five stars, kind, kindness, patient with, legend, star, stars, hats off,
        congrat*, hero, heroes, praise, compliment*, cool, gem, magnificent, memorable,
        masterpiece, classic, well worth, worth every, exceptional*, pleasant*, bravo, sturdy,
        toll*, super, klasse, prima, hervorragend*, begeister*, zufrieden, lob, perfekt*,
        freundlich*, ausgezeichnet*, wunderbar*, großartig*, spitze, genial*, gut, gute, guter,
        schnell*, kompetent*, hilfsbereit*, empfehl*, freut, freue, liebe eure, herzlich*, weiter
        so, excelente*, maravillos*, encantad*, encanta*, fantástic*, estupend*, perfect*, feliz,
        mejor, amable*, buen, bueno, buena, rapid*, felicit*, felicidades, enhorabuena, content*,
        recomend*, impecable, increíble, parfait*, merveill*, ravi*, formidable*, agréable*,
        adore, adoré, bon travail, beau travail, rapide*, efficace*, sympa*, gentil*, chapeau,
        magnifique*, recommand*, satisfait*, impeccable*, félicit*, top""",
    "thanks": """
        thank*, thanks, thx, ty, cheers, grateful, gratitude, appreciat*, kudos, much obliged,
        danke*, dank, vielen dank, dankbar, bedank*, gracias, agradec*, agradezco, merci*,
        remerci*, reconnaissan*, ❤, 👏, 👍, 🙏, 😊""",
    "leaving": """
        lawyer*, attorney, solicitor, sue, suing, court, legal action, press, journalist*, report
        you, regulator*, ombudsman, watchdog, authorities, cancel*, leaving, leave you, never
        again, last time, lost a customer, lose a customer, take my business, taking my business,
        competitor, compensation, class action, anwalt*, rechtsanwalt, klage, verklag*, anzeige,
        kündig*, nie wieder, konkurrenz, presse, datenschutzbehörde, schadens*, abogad*, denunci*,
        demand*, cancel*, darme de baja, doy de baja, nunca más, competencia, prensa, avocat*,
        porter plainte, résili*, tribunal, plus jamais, concurren*, cnil, dédommag*, indemnis*""",
    "again": """
        again, third time, second time, fourth time, yet again, still, nobody answer*, no one
        answers, no answer, no reply, no response, nobody repl*, not a single, not one, for weeks,
        for days, for months, weeks now, days now, hours, since monday, waiting for, been waiting,
        kept waiting, on hold for, how many times, every time, countless, keep asking, ignored,
        schon wieder, seit wochen, seit tagen, seit monaten, immer noch, niemand, keine antwort,
        zum dritten, mehrfach, x mal, warte seit, otra vez, nadie, llevo, sigo sin, sin respuesta,
        semanas, tercera vez, todavía, siguen sin, nadie contesta, esperando, encore une fois,
        toujours pas, personne ne, aucune réponse, sans réponse, semaines, troisième fois,
        j'attends, attends depuis""",
    "irony": """
        thanks for nothing, thanks a lot, thanks so much for, thanks a bunch, oh great, just
        great, just what i, nice one, nice work, great job, good job, well done, congratulations,
        slow clap, bravo, wonderful way, so glad, love how, i love that, how lovely, how nice, how
        reassuring, so reassuring, very reassuring, top marks, fantastic news, brilliant idea, na
        toll, toll gemacht, na super, ganz toll, herzlichen glückwunsch, gut gemacht, glückwunsch,
        danke für nichts, prima gemacht, schönen dank auch, enhorabuena, felicidades, bien hecho,
        gracias por nada, qué bien, qué maravilla, félicitations, bien joué, merci pour rien,
        quelle belle, vraiment bravo, bravo pour""",
    "blame": """
        you people, you lot, you guys, you let, you lost, you failed, your fault, your company,
        your incompetence, you should be, you should have, you have failed, you promised, you call
        this, you call that, what kind of, what sort of, seriously, honestly, explain yourself,
        explain to me, answer me, i demand, i expect, i want answers, i trusted, trusted you,
        trust you, trusted, no excuse, excuses, apology, apologise, apologize, responsib*, was
        fällt, wie konnten, wie können sie, wie könnt ihr, was soll das, ihr habt, erwarte,
        verlange, fordere, vertrau*, ausrede*, wollt ihr, wollen sie mich, ernsthaft, exijo, cómo
        es posible, cómo puede, cómo pueden, cómo podéis, vosotros, confiaba, confié, confianza,
        qué clase de, disculpa*, excusa*, responsab*, j'exige, comment est ce possible, comment
        pouvez, confiance, quel genre, vous avez laissé, vous vous, excuse*, exige""",
    "worry": """
        worr*, scared, afraid, concerned, anxious, nervous, panic*, frightened, terrified, cant
        sleep, sleepless, stress*, besorgt, sorge*, angst, beunruhig*, panik, nervös, preocup*,
        miedo, asustad*, nervios*, angusti*, inquiet*, peur, angoiss*, paniqu*, stress*, souci*,
        😢, 😟, 😰""",
    "polite": """
        please, pls, plz, could you, would you, can you, kindly, kind regards, best regards, help
        me, i would like, id like, wondering, bitte, könnten sie, könnt ihr, können sie,
        freundlichen, würde gern*, por favor, podrían, podría, pueden, podéis, quisiera, me
        gustaría, saludos, s'il vous plaît, svp, pourriez, pouvez, je voudrais, j'aimerais,
        cordialement, merci de, merci d'avance, aidez""",
    "anger_mark": "😡, 🤬, 😠, 👎, 🙄, 💩, :(",
    "joy_mark": "😀, 😃, 😄, 😁, 🥰, 😍, 👌, 🎉, :)",
}

_NEGATORS = (
    "not no never dont doesnt didnt isnt wasnt arent werent wont cant cannot couldnt wouldnt "
    "shouldnt hasnt havent hadnt without nothing nobody neither nor hardly barely nicht kein "
    "keine keinen keiner nie niemals ohne nichts sin nunca jamas nada ni ne pas jamais sans "
    "aucun aucune rien na nai nest netait nen "
)

NEGATORS = frozenset(_NEGATORS.split())

NEGATED = {"joy": "no_joy", "bad": "no_bad", "affected": "not_affected", "thanks": "no_thanks"}
"""What a concept turns into within three words after a negator."""

COMPLAINTS = frozenset(
    {"fury", "bad", "leaving", "again", "blame", "worry", "no_joy", "no_thanks", "anger_mark"}
    | {"breach", "fraud", "locked"}
)
"""Concepts that a real praise does without."""

_REACH = 3
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

Word = tuple[str, bool]
"""A folded word, and whether it is only the beginning of one."""

_Entry = tuple[tuple[Word, ...], str]


def concepts(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The concepts of a sentence's folded words, each with the place where it begins."""
    reach = -1
    for place, word in enumerate(words):
        for rest, concept in _entries(word):
            if _follows(words, place + 1, rest):
                yield place, NEGATED.get(concept, concept) if place <= reach else concept
        if word in NEGATORS:
            reach = place + _REACH


def has_complaint(sentences: Sequence[Sentence]) -> bool:
    """Whether any sentence holds a word that a real praise does without."""
    return any(found in COMPLAINTS for part in sentences for _, found in concepts(part.words))


def signs(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """The signs of a sentence by name, each with the place of the word that gives it.

    A sign is a concept, two concepts met in one sentence, or the way it was said.
    """
    first: dict[str, int] = {}
    for place, concept in concepts(sentence.words):
        first.setdefault(concept, place)
        yield place, concept
    met = sorted(first)
    for number, one in enumerate(met):
        yield from ((max(first[one], first[two]), f"{one}+{two}") for two in met[number + 1 :])
    yield from ((0, manner) for manner in _manners(sentence))


def _manners(sentence: Sentence) -> Iterator[str]:
    if sentence.exclamations:
        yield "exclaims"
    if sentence.exclamations > 2:
        yield "exclaims_much"
    if sentence.questions:
        yield "asks"
    if sentence.questions > 1:
        yield "asks_much"
    if sentence.shouted > 1:
        yield "shouts"


def _follows(words: Sequence[str], place: int, rest: tuple[Word, ...]) -> bool:
    if len(words) < place + len(rest):
        return False
    return all(
        found.startswith(wanted) if is_stem else found == wanted
        for found, (wanted, is_stem) in zip(words[place:], rest, strict=False)
    )


@lru_cache(maxsize=65_536)
def _entries(word: str) -> tuple[_Entry, ...]:
    """What may begin with this word: the rest of each entry, and its concept."""
    exact, stems = _compiled()
    found = list(exact.get(word, ()))
    for length in range(2, len(word) + 1):
        found += stems.get(word[:length], ())
    return tuple(found)


@lru_cache(maxsize=1)
def _compiled() -> tuple[dict[str, list[_Entry]], dict[str, list[_Entry]]]:
    exact: dict[str, list[_Entry]] = {}
    stems: dict[str, list[_Entry]] = {}
    for concept, listed in CONCEPTS.items():
        for first, *rest in sorted(set(_listed(listed))):
            begins = stems if first[1] else exact
            begins.setdefault(first[0], []).append((tuple(rest), concept))
    return exact, stems


def _listed(listed: str) -> Iterator[tuple[Word, ...]]:
    for entry in listed.split(","):
        for spelling in {entry, entry.translate(_UMLAUTS)}:
            words = split_elisions(spelling).split()
            yield tuple((fold(word.rstrip("*")), word.endswith("*")) for word in words)
