"""The words of the lexicon: what people write when they mean a thing, in four languages.

Written by us. An entry is a word, a stem (`word*`) or a phrase of those; entries are separated by
commas and folded like the emails are, so accents and capitals do not matter here. A change of
meaning here needs a new number in `text.READING`.
"""

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
        identifier, identifiant*, accéder, accès, me loguer, entrer dans, signin page, sso, single
        sign on, session, log me out, logs me out, logging me out, proxy access, redirect loop,
        access code*, old phone, new phone, new number, lost my phone, broken phone, face id,
        fingerprint, neues handy, altes handy, neues telefon, neue nummer, handy verloren, nuevo
        teléfono, nuevo móvil, móvil nuevo, perdí el móvil, nouveau téléphone, changé de
        téléphone, nouveau numéro, changeant de, espace parents, espace patient, espace élève,
        loguea*, logue*, einlog*, melde ich, melde mich, me connecte, connecte pas""",
    "secret": """
        password*, passwd, pasword*, passwort*, pass word, passcode*, pass code, passphrase*, pw,
        pwd, pin, pins, pin code, pin number, security question*, credentials, login code*,
        verification code*, one time code*, security code*, otp, 2fa, mfa, two factor,
        authenticator, passkey*, kennwort*, geheimzahl, bestätigungscode*, sicherheitscode*,
        sicherheitsfrage*, zwei faktor, einmalcode*, contraseña*, clave, claves, código*, pin
        secreto, verificación, mot de passe, mots de passe, mdp, code secret, code de
        vérification, code confidentiel, double authentification, memorable word, secret word,
        secret question, recovery question, recovery email, recovery code*, backup code*, token,
        tan, tans, authenticat*, codes, code, sms code*, activation code*, activation letter,
        activation, temporary password, temp password, freischaltcode, aktivierungs*,
        wiederherstellungscode*, palabra secreta, pregunta secreta, mot secret, question secrète,
        activación""",
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
        locked, lock out, lockout, locks me, locking me, unlock*, unblock*, on hold, disabled,
        deactivated, reactivate, reenable, suspended, shut out, kicked out, kicks me, too many
        attempts, too many tries, wrong too many, gesperrt, entsperr*, sperrung, gesperrtes,
        ausgesperrt, freischalt*, freigeschaltet, blockiert, zu viele versuche, deaktiviert,
        rausgeworfen, bloque*, desbloque*, suspendid*, demasiados intentos, inhabilitad*,
        desactivad*, bloqu*, débloqu*, verrouill*, déverrouill*, suspendu*, trop de tentatives,
        désactivé*, lock, block*, freez*, froze*, lost my access, no access, shut me out,
        unfreez*, put a hold, hold on my, placed on my, restricted, restrictions on my""",
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
        out, stolen data, stole my data, lost our data, lost my data, thieves, criminals,
        datenleck*, datenpanne*, datenklau, datendiebstahl, gehackt, hackerangriff*,
        sicherheitsvorfall, vorfall, sicherheitslücke, cyberangriff*, angriff, abgeflossen,
        geleakt, datenschutzvorfall, datenverlust, brecha*, filtrac*, filtrad*, hackead*, hackeo,
        ciberataque*, ataque, robo de datos, vulnerad*, incidente, expuest*, fuga de datos,
        fuite*, piratage*, piraté*, pirates, cyberattaque*, attaque, violation de données, vol de
        données, divulgué*, dévoilé*, fuité*, your computer trouble, computer trouble, break in,
        broke in, broken into, data dump, mail of, email of last, letter of, your letter, your
        email about, your mail about, the email about, notified, notification, announcement,
        announced, disclosed, disclosure, what happened, what has happened, got hacked, been
        hacked, read about, heard about, post mortem, postmortem, unencrypted, encrypted, hashed,
        plain text, plaintext, access range, ihr schreiben, ihre mitteilung, ihre mail, eure mail,
        verschlüssel*, im netz, im internet, weitergegeben, veröffentlicht, entwendet*,
        datenabfluss, su correo del, vuestro correo, su aviso, el aviso, avisaron, cifrad*,
        publicad*, en internet, votre courrier, votre message du, votre mail du, chiffré*, hachés,
        publié*, dans la nature, sur internet""",
    "personal": """
        my data, our data, his data, her data, personal data, customer data, the data, my details,
        our details, my information, personal information, personal details, my info, my records,
        date of birth, birth date, birthday, social security, ssn, passport*, id card, home
        address, my address, phone number, medical*, health record*, test results, identity,
        privacy, private, meine daten, unsere daten, seine daten, ihre daten, daten, kundendaten,
        persönliche*, personenbezogen*, geburtsdatum, ausweis*, personalausweis, reisepass,
        adresse, telefonnummer, gesundheitsdaten, datenschutz*, privatsphäre, identität*, mis
        datos, nuestros datos, sus datos, datos, dni, información personal, pasaporte, fecha de
        nacimiento, dirección, historial médico, privacidad, identidad, mes données, nos données,
        ses données, données, informations, infos, coordonnées, date de naissance, passeport,
        carte d'identité, dossier médical, vie privée, identité, names, full name*, emails and,
        email address*, address and, home adress, my kid, my kids, my child, my childs, my
        daughter, my son, my mums, my mothers, records, files, documents, scan, scans, id scan,
        photo*, diagnos*, therapy, prescription*, payslip*, salary, tax id, grades, reading ages,
        location, unterlagen, akte, akten, dokumente, fotos, befund*, diagnose*, rezept*,
        zeugnis*, verlauf, kinder, tochter, sohn, steuer*, gehalt*, expediente*, informes,
        documentos, hijo, hija, hijos, nómina*, recetas, dossier*, fichier*, fille, fils, enfant*,
        ordonnance*, bulletin*, suivi, patients, patient record*, patient file*, patient data,
        patient notes, patientenakte*, patientendaten, pacientes, dossier patient, my notes, his
        notes, her notes, my messages, medical record*, medical file*""",
    "card": """
        card, cards, card number, card details, credit card*, debit card*, cvv, cvc, iban, bank
        account, bank details, bank data, payment details, payment data, sort code, bank, karte,
        karten, kreditkarte*, bankkarte*, bankdaten, kontodaten, kontonummer, kartennummer,
        kreditkartendaten, zahlungsdaten, bankverbindung, tarjeta*, datos bancarios, cuenta
        bancaria, número de cuenta, banco, carte, cartes, carte bancaire, carte bleue, cb, rib,
        coordonnées bancaires, données bancaires, banque""",
    "fraud": """
        fraud*, scam*, stolen, stole, steal*, theft, thief, unauthori*, unrecogni*, unknown
        charge*, unknown payment*, unfamiliar, suspicious, strange charge*, strange payment*,
        strange transaction*, odd transaction*, weird charge*, weird transaction*, phish*,
        impersonat*, spoof*, in my name, someone else, somebody else, someone has, someone is,
        somebody is, somebody has, some stranger, wasnt me, was not me, not mine, isnt mine, not
        by me, never bought, never made, never ordered, never authorised, never authorized, didnt
        make, did not make, didnt authorise, didnt authorize, didnt buy, didnt order, dont
        recognise, dont recognize, do not recognise, do not recognize, cloned, skimmed, tampered,
        took money, money is gone, money gone, emptied, betrug*, betrüger*, gestohlen*, geklaut*,
        diebstahl, missbrauch*, unberechtigt*, unbekannte abbuch*, verdächtig*, nicht von mir, war
        ich nicht, in meinem namen, nicht bestellt, nie bestellt, fremde*, phishing*, spoofing,
        identitätsdiebstahl, fraude*, estafa*, robo, robad*, roban, sospechos*, no reconozco, no
        he hecho, no hice, en mi nombre, suplanta*, no fui yo, no autori*, cargos extraños, cargo
        extraño, fraudul*, escroc*, escroquerie*, arnaque*, vol, volé*, usurpation, usurp*,
        suspect*, hameçonnage, en mon nom, pas moi, jamais commandé, reconnais pas, pas autorisé*,
        scammer*, con man, conned, bogus, dodgy, fishy, shady, strange call*, strange text*, odd
        call*, odd text*, a man rang, gentleman rang, rang me, called me claiming, claiming to be,
        pretend*, claimed to be, blackmail*, extort*, ransom, threaten*, loan in my, account in my
        name, opened in my, sim swap*, swapped my sim, gave a stranger, a stranger, strangers, not
        made by me, never heard of, i didnt do, i did not do, didnt approve, not approve, without
        my knowledge, without my permission, without my consent, behind my back, wrong hands,
        anruf von, ruft an und, gibt sich als, ausgegeben als, erpress*, unbekannte, unbekannter,
        unbekannt, ohne mein wissen, ohne meine zustimmung, abgezockt, phishingmail*,
        kreditvertrag, haben wollen meine, se hace pasar, haciéndose pasar, me llamó alguien,
        desconocid*, chantaje*, extors*, sin mi permiso, sin mi consentimiento, timador*, manos de
        cualquiera, inconnu*, se fait passer, faisant passer, chantage, à mon insu, sans mon
        accord, démarch*, faux conseiller, faux mail, i didnt, i did not, not authorised, not
        authorized, never submitted, never visited, never been, not my purchase, where this
        charge, not from me, never received the cash, look strange, looks strange, looks odd,
        looks wrong, not know what this, wasnt by me, hijack*, took over my account, logged into
        my account, been in my account, in my account from, signed in from, login from, sign in
        from""",
    "charge": """
        charge, charges, charged, transaction*, payment*, withdrawal*, withdrawn, direct debit*,
        debited, purchase*, statement, cash, atm, abbuchung*, abgebucht, buchung*, zahlung*,
        überweisung*, lastschrift*, kontoauszug, cargo, cargos, cobro*, cobrad*, pago, pagos,
        transacci*, retirad*, extracto, prélèvement*, prélevé*, débit*, paiement*, achat*,
        virement*, relevé, retrait*""",
    "affected": """
        affected, impacted, was my, were my, been taken, was taken, were taken, what was, which of
        my, whats been, involved, included, at risk, in danger, still safe, is it safe, am i safe,
        safe to, safe, secure, exactly was, concerned by, caught up, betroffen*, wurden meine,
        wurde mein*, welche daten, sicher, gefährdet, in gefahr, afectad*, a salvo, segur*, están
        mis, está mi, han robado, qué datos, cuáles datos, en peligro, en riesgo, soy uno,
        concerné*, touché*, affecté*, impacté*, en sécurité, est ce que mes, mes données sont,
        quelles données, en danger, à risque, sécuris*, was i one, were we one, am i one, am i
        among""",
    "rights": """
        gdpr, dsgvo, rgpd, ccpa, delete my, delete all, deleted, delete everything, deletion,
        erase*, erasure, remove my data, remove all, remove my details, close my account and,
        right to, subject access, copy of my data, copy of all, copy of everything, export my,
        what you hold, hold about me, hold on me, know about me, store about, data protection,
        stored about, lösch*, gelösch*, auskunft, artikel 0, art 0, datenauskunft, gespeichert*,
        kopie meiner, exportier*, elimin*, borr*, supresión, derecho de acceso, derecho al olvido,
        copia de mis, exportar, almacen*, supprim*, effac*, suppression, droit d'accès, droit à
        l'oubli, droit de, copie de mes, exporter, conservez, who has seen, who has access, share
        my data, sharing my, sell my, sold my, selling my, passes our, pass my data, third part*,
        advertis*, tracking me, tracks our, track us, consent, opt out, works council, data
        processing, processing agreement, dpa, dpo, retention, how long do you keep, keep my data,
        wer hat zugriff, weitergabe, einwilligung, auftragsverarbeit*, aufbewahr*, widerspr*,
        werbe*, terceros, consentimiento, encargado del tratamiento, tratamiento de, tiers,
        consentement, sous traitant, publicitaire*, conservation, conservación de""",
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
        rembours*, factur*, taille, prix, bon d'achat, remise, coat, shoes, dress, shirt, jacket,
        soundtrack, luggage, baggage, suitcase, boarding, lounge, quotation, licence*, license*,
        mantel, schuhe, gepäck, koffer, ware, angebot, abrigo, zapatos, equipaje, maleta,
        billete*, presupuesto, manteau, chaussures, bagage*, valise, billet*, devis""",
    "money": """
        balance, transfer*, top up, topping up, currency, currencies, exchange rate, interest
        rate, fee, fees, beneficiary, routing number, salary, limit, spending limit, budget, loan
        rate, mortgage, check book, checkbook, cheque book, direct deposit, pending, apple pay,
        google pay, virtual card, disposable, cashback, kontostand, überweisen, zinsen, zinssatz,
        gebühr*, wechselkurs, saldo, transferencia*, comisión, comisiones, tipo de interés,
        solde, frais, taux, plafond, virement*""",
    "everyday": """
        appointment*, booking*, flight*, seat*, opening hours, opening times, subscription*,
        invoice*, plan, upgrade*, feature*, update, install*, manual, teacher*, class, course*,
        homework, level, game, character, broadband, router, internet, signal, roaming, termin*,
        öffnungszeiten, flug*, abo, tarif*, vertrag*, funktion*, kurs*, spiel, reservier*, cita*,
        reserva*, vuelo*, horario*, suscripci*, tarifa*, contrato*, juego, curso*, rendez vous,
        réserv*, horaire*, abonnement*, forfait*, contrat*, jeu, cours""",
    "fury": """
        furious, fuming, livid, outrag*, disgrace*, disgust*, unacceptable, inexcusable,
        appalling, appalled, shameful, shame on, ashamed, pathetic, useless, incompeten*,
        scandal*, atrocious, abysmal, dreadful, horrendous, horrible, terrible, awful, worst,
        laughable, clown*, clueless, idiot*, moron*, stupid, ridiculous, insult*, liar*, lying,
        lied, negligen*, careless*, reckless*, irresponsib*, fed up, sick of, sick and tired, had
        enough, enough is enough, beyond belief, unbelievable, unforgivable, betray*, angry,
        anger, upset, hate, hated, garbage, rubbish, crap*, shit*, fuck*, damn, wtf, sucks,
        sucked, bullshit, shambles, fiasco, farce, how dare, how could you, screw*, rip off,
        ripoff, unverschämt*, frechheit, dreist*, sauerei, schweinerei, unfassbar*, skandal*,
        wütend, wut, stinksauer, sauer, inakzeptabel, unmöglich*, lächerlich*, schlamper*,
        katastroph*, saftladen, schäm*, schande, peinlich*, unfähig*, verarsch*, scheiß*,
        zumutung, armutszeugnis, unerhört, unglaublich, enttäusch*, verantwortungslos*,
        fahrlässig*, reicht's, es reicht, vergüenza, vergonzos*, inaceptable*, indigna*, furios*,
        pésim*, asco, lamentable, ridícul*, estafadores, inútil*, mentiros*, mentira*, harto,
        harta, enfadad*, cabread*, escándalo, burla, tomadura, mierda, irresponsab*, intolerable,
        desastre, honte*, inadmissible*, inacceptable*, furieu*, ras le bol, lamentable*,
        incapable*, incompéten*, ridicule*, menteu*, mensonge*, en colère, colère, énervé*,
        foutre, foutez, merde, indigne*, révolt*, déplorable*, irresponsable*, négligen*,
        intolérable*, scandaleu*, moquez, cross, so cross, hopping mad, gobsmacked, speechless,
        taking the mick, taking the piss, past patience, patience is, last straw, ran out of
        patience, done with you, done with this, i am done, im done, for shame, what a joke, what
        a farce, mockery, insolen*, arrogan*, contempt*, despicable, vile, nightmare, hell, train
        wreck, trainwreck, dumpster*, worthless, gross, disaster*, catastroph*, ludicrous,
        absurd*, cretin*, cowboys, charlatan*, thieves, robbed, robbery, daylight robbery,
        swindl*, cheat*, deceiv*, dishonest*, sod, blabbermouth, muppet*, bollocks, arse, ass,
        wankers, hell is wrong, shameless, disrespect*, humiliat*, maltreat*, mistreat*, treated
        like, treat people, treat customers, kill*, cooked, worst patch, außer mir, platzt der
        kragen, kragen, wutentbrannt, empör*, entsetz*, stocksauer, fassungslos*, hanebüchen*,
        unter aller sau, unterirdisch, witz, ein witz, schlechter witz, abzocke, betrogen,
        verarscht, idioten, dilettant*, stümper*, blamab*, bodenlos*, beschäm*, genug davon,
        schnauze voll, nase voll, basta, basta ya, ya basta, hasta las narices, hasta el gorro,
        indignad*, indignant*, maltrat*, sinvergüenza*, caradura*, chapuz*, timo, timad*, engañ*,
        estoy que trino, rabia, cabreo, humill*, vaya tela, menuda, tomadura de pelo, asqueros*,
        horror, bochorn*, imperdonable, la cara, hors de moi, marre, en ai marre, assez, ça
        suffit, honteu*, scandalisé*, outré*, foutage, n'importe quoi, se moque, vous moquez,
        aberrant*, minable*, pitoyable*, exaspér*, excéd*, furax, dégoût*, mépris*, arnaqueurs,
        voleurs, cauchemar, insupportable*, impardonnable*, crooks, lies again, a joke, bloody
        useless, bloody hell, what the hell, mad, raging, so ein mist, mist gebaut""",
    "bad": """
        disappoint*, bad, badly, worse, poor, poorly, slow, broken, broke, fail*, annoy*,
        frustrat*, waste*, wasted, problem*, wrong, unhappy, avoid, cheap, cheaply, boring, bored,
        dull, lame, weak, mess, mediocre, unreliable, uncomfortable, difficult, defect*, dead,
        died, dies, unusable, junk, flaw*, mistake, regret*, lousy, ugly, dumb, lacking, lacks,
        unfortunately, overpriced, predictable, pointless, unfunny, bland, stay away, dont buy, do
        not buy, money back, return it, doesnt work, does not work, stopped working, complain*,
        complaint*, unprofessional, rude, ignored, ignore, ignoring, nobody cares, dont care,
        poorest, hardly, schlecht*, langsam, kaputt, leider, ärger*, fehler, mangelhaft,
        unzufrieden, beschwer*, nervt, nervig, unhöflich, ignorier*, mies*, malo, mala, peor,
        lento, roto, decepci*, queja*, problema*, fallo, defectuos*, grosero, ignoran, mauvais*,
        pire, lent, cassé*, déçu*, décev*, plainte, problème*, défectueu*, nul, nulle, impoli*,
        ignoré*, terribly, crash*, froze, glitch*, lag*, laggy, buggy, bugs, bug, rubbishy,
        flimsy, tinny, static, blurry, sloppy, awkward, contrived, cliche*, cheesy, tedious,
        forgettable, unconvincing, incoherent, plotless, no plot, no point, no story, wooden,
        weakest, overrated, underwhelm*, disservice, meh, bother*, hassle, trouble*, painful*,
        hurt*, unable, never worked, does nothing, did nothing, not good, not great, not worth,
        not recommend, wouldnt recommend, would not recommend, save your money, dont waste, waste
        of, wasting, too small, too loud, too short, too expensive, too big, too slow, piece of,
        lost interest, fell apart, falls apart, fell off, came off, drops calls, dropped calls,
        cancelled again, delayed, no show, no shows, hung up, wrong again, incorrect again,
        mistreat, unhelpful, unfriendly, uninspir*, unimpress*, insufficient, inferior, inept,
        hopeless*, miserable, sad, sadly, shame, a shame, pity, sorry excuse, plain wrong, torn,
        ripped, scratched, damaged, cracked, leaking, smelly, stinks, stink, dirty, filthy,
        mouldy, verspätet, verspätung*, zu spät, nicht angekommen, beschädigt*, defekt*, dreckig*,
        schmutzig*, abgestürzt, stürzt ab, hängt, unbrauchbar*, nutzlos*, wertlos*, schade,
        traurig, frust*, genervt, blöd*, doof, unfreundlich*, abgewimmelt, vertröst*, umsonst,
        vergeblich, retras*, tarde, sucio, sucia, estropead*, averiad*, inservible*, no sirve,
        lástima, triste*, molest*, frustr*, colgó, colgaron, en vano, perdiend*, perdí, perdido,
        dejado tirad*, dejaron, abandonad*, retard*, en panne, abîmé*, inutilisable*, dommage,
        pénible*, raccroch*, en vain, perdu, baladé*, médiocre*, nulle part, not recommended,
        nothing to recommend, nothing good, nothing great, not good enough, not happy, not
        pleased, not satisfied, not impressed, not amused, not helpful, not acceptable, not what
        i, no good, no use, no help, no better, up set, bore, yawn, pretentious, whiny, spoiled,
        fades, distort*, drained, drains, less than, instead we, nicht zufrieden, nicht gut, nicht
        schön, keine hilfe, nicht hilfreich, no me gusta, no gustó, no es normal, nada bueno, pas
        content*, pas satisfait*, pas normal, pas sérieux, pas bien, aucune aide, muy mal, tan
        mal, mal servicio, mal trato, mal organiz*, fatal, c est sale, très sale""",
    "joy": """
        great, greatest, excellent, love, loved, loves, lovely, wonderful*, amazing, amazed,
        fantastic*, brilliant*, awesome, perfect*, best, happy, happier, pleased, pleasure,
        recommend*, impressed, impressive, helpful, enjoy*, beautiful*, well done, well made, keep
        up, superb*, terrific, outstanding, fabulous, delight*, fun, funny, hilarious, works
        great, worked great, works perfectly, glad, satisfied, incredible, incredibly, favorite,
        favourite, charming, touching, sweet, flawless*, top notch, first class, five stars,
        kindness, patient with, legend, hats off, congrat*, hero, heroes, praise, compliment*,
        gem, magnificent, memorable, masterpiece, classic, well worth, worth every, exceptional*,
        pleasant*, toll*, super, klasse, prima, hervorragend*, begeister*, zufrieden, lob,
        perfekt*, ausgezeichnet*, wunderbar*, großartig*, spitze, genial*, hilfsbereit*, empfehl*,
        freut, freue, liebe eure, weiter so, excelente*, maravillos*, encantad*, encanta*,
        fantástic*, estupend*, feliz, felicit*, felicidades, enhorabuena, content*, recomend*,
        impecable, increíble, parfait*, merveill*, ravi*, formidable*, agréable*, adore, adoré,
        bon travail, beau travail, efficace*, chapeau, magnifique*, recommand*, satisfait*,
        impeccable*, félicit*, heroic, exemplary, chefs kiss, medal, hug, hugs, mega, richtig
        stark, echt stark, lifesaver, life saver, saved my day, made my day, saved the day, made
        us smile, smile, smiling, smiled, humming, proud, blown away, over the moon, chuffed,
        thrilled, delighted, stunning, gorgeous, spot on, second to none, bless you, bless them,
        god bless, respect, props, goat, goated, slaps, banger, insane, unreal support, treasure,
        angel*, star performer, went above, above and beyond, extra mile, pay rise, promote,
        promotion, bonus, where it is due, pass this on, pass on my, pass my thanks, tell her,
        tell him, tell them, thats how its done, how it should be, as it should be, couldnt be
        happier, cant praise, cannot praise, cant fault, cannot fault, never had a problem, not a
        single problem, without a hitch, hassle free, top quality, high quality, great quality,
        best ever, best purchase, glorious, splendid, marvellous, marvelous, gripping,
        captivating, riveting, moving, heartwarming, witty, clever, creative, entertaining,
        engaging, intelligent, talented, subtle, haunting, timeless, refreshing, underrated, must
        have, must see, must watch, a must, worthwhile, definitely recommend, highly recommend*,
        lucky, a joy, pure joy, joyful, blessing, gold standard, unbeatable, incredible service,
        praiseworthy, commend*, admir*, applau*, tip my hat, well worth it, lächeln, gelächelt,
        gestrahlt, strahl*, umarm*, heldin, engel, hut ab, respekt, vorbildlich*, wie angegossen,
        einfach spitze, traumhaft*, fantastisch*, exzellent*, liebevoll*, rührend*, berührt,
        glücklich*, happy mit, sehr schön, sternchen, fünf sterne, bester, beste, besten, bestens,
        großes lob, ein lob, vorbild, wahnsinnig gut, hammer, geil*, krass gut, de diez, un diez,
        matrícula de honor, chapó, qué gusto, da gusto, gozada, lujo, de lujo, ángel*, un sol,
        lágrimas de, emocion*, orgullos*, me alegr*, alegría, brutal, la caña, fenomenal,
        sobresaliente, inmejorable, magnífic*, extraordinari*, espectacular*, precios*, bonit*,
        así es como se hace, así da gusto, ole, olé, une perle, bijou, au top, génial*, géniale*,
        superbe*, exemplaire*, enchant*, émerveill*, heureu*, joie, sourire, ému*, touché par,
        coup de coeur, un régal, exceptionnel*, remarquable*, irréprochable*, épat*, bluffé*,
        continuez, longue vie, plaisir, dix sur dix, digne de ce nom, stars, a star, mejores,
        estrellas, echt top, ist top, bravo, worked like a charm, like a charm, winner, could not
        be happier, could not be more, couldnt be more, couldnt be better, could not be better,
        never been better, nothing but praise, nothing but good, cant complain, cannot complain,
        no complaints, no issues, no problems, no trouble, without problems, without any problem,
        ohne probleme, ohne problem, keine probleme, sin problemas, sin ningún problema, aucun
        souci, aucun problème, sans problème, sans souci, rien à redire, nichts auszusetzen,
        appealing, compelling, not bad at all, nicht zu toppen, ein held, eine heldin, echte
        helden, of gold, pure gold, is fire, was fire""",
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
        demand*, darme de baja, doy de baja, nunca más, competencia, prensa, avocat*,
        porter plainte, résili*, tribunal, plus jamais, concurren*, cnil, dédommag*, indemnis*""",
    "again": """
        third time, second time, fourth time, yet again, still, nobody answer*, no one answers, no
        answer, no reply, no response, nobody repl*, not a single, not one, for weeks, for days,
        for months, days now, since monday, waiting for, been waiting, kept waiting, on hold for,
        how many times, countless, keep asking, ignored, schon wieder, seit wochen, seit tagen,
        seit monaten, immer noch, niemand, keine antwort, zum dritten, mehrfach, x mal, warte
        seit, nadie, llevo, sigo sin, sin respuesta, tercera vez, siguen sin, nadie contesta,
        esperando, encore une fois, toujours pas, personne ne, aucune réponse, sans réponse,
        troisième fois, j'attends, attends depuis, again and again, over and over, once again,
        happened again, happening again, fourth, fifth, sixth, every single, every week, every
        month, no one cares, nobody cares, nobody called, nobody came, no one came, never called,
        never replied, never heard, radio silence, silence, pushed around, passed around, from
        pillar, run around, runaround, told to wait, told me to, told to be patient, ständig,
        jedes mal, immer wieder, keiner, keiner antwortet, hin und her, seit stunden, cada vez,
        siempre lo mismo, una y otra vez, nadie me, nadie responde, ni una, ni siquiera, horas, à
        chaque fois, sans cesse, depuis des, personne ne répond, même pas, des heures""",
    "irony": """
        thanks for nothing, thanks a lot, thanks so much for, thanks a bunch, oh great, just
        great, just what i, nice one, nice work, great job, good job, well done, congratulations,
        slow clap, bravo, wonderful way, so glad, love how, i love that, how lovely, how nice, how
        reassuring, so reassuring, very reassuring, top marks, fantastic news, brilliant idea, na
        toll, toll gemacht, na super, ganz toll, herzlichen glückwunsch, gut gemacht, glückwunsch,
        danke für nichts, prima gemacht, schönen dank auch, enhorabuena, felicidades, bien hecho,
        gracias por nada, qué bien, qué maravilla, félicitations, bien joué, merci pour rien,
        quelle belle, vraiment bravo, bravo pour, ah yes, oh good, oh wonderful, oh lovely, oh
        brilliant, just brilliant, just wonderful, just perfect, how wonderful, how kind of you,
        how generous, how thoughtful, so kind of you, so thoughtful, big thanks for, many thanks
        for losing, masterclass in, masterpiece of, round of applause, standing ovation, take a
        bow, hats off to whoever, medal for, award for, my compliments to, what a relief, what a
        surprise, what a treat, color me, colour me, apparently, i suppose, presumably, so called,
        quote unquote, lucky me, truly, ach ja, wie schön, wie nett, wie toll, na bravo, bravo
        auch, großes kino, ganz großes, meisterleistung, angeblich, sogenannte, applaus, tolle
        leistung, super leistung, klasse leistung, was für ein service, wunderbar gemacht, qué
        bonito, qué detalle, muy bonito, muy bien todo, supuestamente, aplausos, menos mal, vaya
        servicio, gran trabajo, magnífico trabajo, qué alivio, ah oui, comme c'est, quel talent,
        quelle réussite, soi disant, applaudissements, champions, chapeau bas, magnifique travail,
        quel service, quel bonheur, c'est du propre""",
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
        pouvez, confiance, quel genre, vous avez laissé, vous vous, excuse*, exige, only you,
        explain how, explain why, tell me how, tell me why, would you believe, do you think, do
        you even, do you know what, who do you think, care to explain, somebody explain, someone
        explain, account for, accountable, held responsible, at your end, your mess, your mistake,
        your negligence, your sloppiness, your lot, four paragraphs, not one line, not one word,
        form letter, standard letter, copy paste, empty words, we take your, take your privacy,
        take security seriously, seriously enough, on your watch, ihr seid, bei euch, bei ihnen,
        eure schuld, ihre schuld, ihr fehler, erklären sie, erklärt mir, dafür bezahle, wofür
        bezahle, standardschreiben, floskel*, ihr ernst, euer ernst, wollen sie mir, wie ist das
        möglich, wie kann es sein, kann doch nicht, darf nicht sein, den la cara, dan la cara,
        explíquen*, expliquen, explicadme, vuestra culpa, su culpa, para eso pago, pagamos,
        ustedes mandan, les parece, os parece, qué se creen, respondan, responded, quién responde,
        expliquez, c'est votre faute, votre faute, de votre faute, vous osez, vous croyez, croyez
        vous, vous rendez compte, courrier type, réponse type, on paie, je paie, quand comptez,
        quand comptiez, vous comptiez""",
    "worry": """
        worr*, scared, afraid, concerned, anxious, nervous, panic*, frightened, terrified, cant
        sleep, sleepless, stress*, besorgt, sorge*, angst, beunruhig*, panik, nervös, preocup*,
        miedo, asustad*, nervios*, angusti*, inquiet*, peur, angoiss*, paniqu*, souci*,
        😢, 😟, 😰, lie awake, lying awake, lost sleep, shaking, trembling, in tears, crying, cried,
        fear, fears, fearful, uneasy, unnerved, alarmed, alarming, dread, desperate, desperately,
        urgent, urgently, vulnerable, at my age, elderly, verzweifelt, schlaflos, unruhig, mulmig,
        dringend, erschrocken, fürchte, desesperad*, urgente*, alarmad*, temo, no duermo, sin
        dormir, désespér*, urgent*, alarmé*, crains, dors plus, effray*""",
    "polite": """
        please, pls, plz, could you, would you, can you, kindly, kind regards, best regards, help
        me, i would like, id like, wondering, bitte, könnten sie, könnt ihr, können sie,
        freundlichen, würde gern*, por favor, podrían, podría, pueden, podéis, quisiera, me
        gustaría, saludos, s'il vous plaît, svp, pourriez, pouvez, je voudrais, j'aimerais,
        cordialement, merci de, merci d'avance, aidez""",
    "good": """
        good, nice, nicely, kind, quick, fast, fine, decent, solid, neat, cool, fair, easy, clear,
        clearly, handy, useful, polite, honest, honesty, frank, frankness, transparent,
        professional, prompt, promptly, gut, gute, guter, gutes, guten service, nett, nette,
        netter, schön, schöne, schöner, schnell*, ehrlich*, klar, hilfreich, höflich, buen trato,
        bueno, buena, rápid*, rapid*, claro, clara, amable*, honest*, bonne, clair, claire,
        rapide*, honnête*, utile, gentil*, sympa*, comfortable, reliable, sturdy, smooth*, works
        well, works fine, worked well, solid*, friendly, freundlich*, kompetent*, muy bien, bien
        hecho, très bien, bon service""",
    "greeting": """
        good morning, good afternoon, good evening, good day, kind regards, best regards, warm
        regards, best wishes, kindest regards, all the best, guten tag, guten morgen, guten abend,
        schönen tag, schöne grüße, liebe grüße, viele grüße, beste grüße, herzliche grüße, mit
        freundlichen grüßen, mit freundlichem gruß, freundliche grüße, sehr geehrte*, buenos días,
        buenas tardes, buenas, buenas noches, un saludo, saludos, un cordial saludo, atentamente,
        estimad*, bonjour, bonsoir, bonne journée, bien cordialement, bien à vous, cordialement,
        salutations*, madame monsieur, would you be so kind, be so kind, so kind as, so good as,
        good enough to""",
    "anger_mark": "😡, 🤬, 😠, 👎, 🙄, 💩, :(",
    "joy_mark": "😀, 😃, 😄, 😁, 🥰, 😍, 👌, 🎉, :)",
}
