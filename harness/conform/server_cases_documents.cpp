// Level-1 documents: what a server must read, and what it is better to refuse. The specification says nothing
// about answers to documents that break it, so most refusals are advice; only XML itself forbids to process a
// text that is not well-formed.
#include <fmt/format.h>

#include <array>

#include "harness/conform/server_cases.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;

Verdict takes_bytes(const Peer& peer, std::string_view body) {
  return takes(peer.ask(peer.post(body)));
}
Verdict takes_text(const Peer& peer, std::string_view text) {
  return takes_bytes(peer, utf16(text));
}
Verdict refuses_bytes(const Peer& peer, std::string_view body) {
  return refuses(peer.ask(peer.post(body)));
}
Verdict refuses_text(const Peer& peer, std::string_view text) {
  return refuses_bytes(peer, utf16(text));
}

using Part = std::string Document::*;

// A good document with `from` in one part replaced by `to`.
std::string changed(Peer& peer, Part part, std::string_view from, std::string_view to) {
  Document document = peer.document();
  document.*part = replaced(document.*part, from, to);
  return document.text();
}

// A good document with another text for one part.
std::string with(Peer& peer, Part part, std::string text) {
  Document document = peer.document();
  document.*part = std::move(text);
  return document.text();
}

Verdict refuses_without(Peer& peer, Part part, std::initializer_list<std::string_view> attributes) {
  for (const std::string_view attribute : attributes) {
    Document document = peer.document();
    document.*part = without_attribute(document.*part, attribute);
    if (Verdict verdict = refuses_text(peer, document.text()); !verdict.passed())
      return failed(fmt::format("without {}: {}", attribute, verdict.reason));
  }
  return pass();
}

// A signature of `count` PARAMETERs with ids from 0.
std::string parameters(unsigned count) {
  std::string text = "<SIGNATURE>\r\n";
  for (unsigned id = 0; id < count; ++id)
    text += fmt::format("<PARAMETER id=\"{0}\" name=\"P{0}\" value=\"v{0}\"/>\r\n", id);
  return text + "</SIGNATURE>";
}

std::string secondary_parameters(unsigned count) {
  std::string text = "<SIGNATURE>\r\n";
  for (unsigned i = 0; i < count; ++i)
    text += fmt::format("<SECONDARYPARAMETER name=\"Name {0}\" value=\"Value {0}\"/>\r\n", i);
  return text + "</SIGNATURE>";
}

Verdict other_order(Peer& peer) {
  Document document = peer.document();
  std::swap(document.machine, document.files);
  std::swap(document.user, document.event);
  return takes_text(peer, document.text());
}

Verdict without_optional_attributes(Peer& peer) {
  Document document = peer.document();
  document.application = without_attribute(document.application, "appcompany");
  document.event = without_attribute(document.event, "friendlyeventname");
  while (document.signature.find(" name=") != std::string::npos)
    document.signature = without_attribute(document.signature, "name");
  return takes_text(peer, document.text());
}

Verdict with_optional_attributes(Peer& peer) {
  Document document = peer.document();
  document.machine = replaced(document.machine, "/>", R"( oem="Contoso"/>)");
  document.event = replaced(document.event, "/>", R"( eventdescription="It stopped."/>)");
  return takes_text(peer, document.text());
}

Verdict comments_and_instructions(Peer& peer) {
  Document document = peer.document();
  document.declaration += "<!-- before --><?tool before?>";
  document.user += "<!-- within --><?tool within?>";
  return takes_text(peer, document.text() + "<!-- behind --><?tool behind?>");
}

Verdict long_and_short_tags(Peer& peer) {
  Document document = peer.document();
  document.user = "<USERINFO username='Username' ></USERINFO>";
  document.files = "<FILES/>";
  return takes_text(peer, document.text());
}

Verdict newer_os_strings(Peer& peer) {
  for (const std::string_view os : {"5.1.2600.2.00010100.3.0", "10.0.10586.2.0.0.256.72",
                                    "10.0.20348.2.0.0.272.7", "10.0.26100.2.0.0.256.48"})
    if (Verdict verdict = takes_text(peer, changed(peer, &Document::machine, "6.1.6561.2.0.0.256.1", os));
        !verdict.passed())
      return failed(fmt::format("os=\"{}\": {}", os, verdict.reason));
  return pass();
}

Verdict newer_file_types(Peer& peer) {
  for (const char* type : {"filetype=\"6\"", "filetype=\"7\"", "filetype=\"8\"", "filetype=\"9\""})
    if (Verdict verdict = takes_text(peer, changed(peer, &Document::files, "filetype=\"5\"", type));
        !verdict.passed())
      return failed(fmt::format("{}: {}", type, verdict.reason));
  return pass();
}

Verdict unknown_parts(Peer& peer) {
  Document document = peer.document();
  document.machine = replaced(document.machine, "/>", R"( secureboot="1"/>)");
  document.files += "\r\n<PLATFORMINFO vendor=\"x\"/>";
  return takes_text(peer, document.text());
}

// The same event twice, told in two languages.
Verdict translated_names(Peer& peer) {
  Document document = peer.document();
  const Peer::Answered first = peer.answer(utf16(document.text()));
  if (!first.verdict.passed()) return first.verdict;
  if (!first.read.answer.bucket) return not_applicable("the answer has no Bucket");
  document.signature = replaced(document.signature, "Application Name", "Anwendungsname");
  const Peer::Answered second = peer.answer(utf16(document.text()));
  if (!second.verdict.passed()) return second.verdict;
  return first.read.answer.bucket == second.read.answer.bucket
             ? pass()
             : failed("the same parameters under another name got another bucket");
}

// A document whose external entity is at an address that we watch.
Verdict external_entity(Peer& peer) {
  auto watched = Listener::open(0);
  if (!watched) return not_applicable(watched.error().message);
  Document document = peer.document();
  document.declaration +=
      fmt::format("<!DOCTYPE WERREPORT [<!ENTITY % more SYSTEM \"http://127.0.0.1:{}/more.dtd\"> %more;]>",
                  watched->port());
  const Received received = peer.ask(peer.post(utf16(document.text())));
  if (watched->accept(Milliseconds(100), peer.time())) return failed("the server fetched the entity");
  return refuses(received);
}

Verdict expanding_entities(Peer& peer) {
  Document document = peer.document();
  std::string dtd = "<!DOCTYPE WERREPORT [<!ENTITY e0 \"0123456789\">";
  for (int i = 1; i < 9; ++i)
    dtd += fmt::format("<!ENTITY e{0} \"&e{1};&e{1};&e{1};&e{1};&e{1};\">", i, i - 1);
  document.declaration += dtd + "]>";
  document.user = R"(<USERINFO username="&e8;"/>)";
  return refuses_text(peer, document.text());
}

Verdict deep_nesting(Peer& peer) {
  constexpr std::size_t kDepth = 10'000;
  std::string text = peer.document().declaration;
  for (std::size_t i = 0; i < kDepth; ++i) text += "<WERREPORT>";
  for (std::size_t i = 0; i < kDepth; ++i) text += "</WERREPORT>";
  return refuses_text(peer, text);
}

Verdict many_attributes(Peer& peer) {
  std::string user = "<USERINFO username=\"Username\"";
  for (int i = 0; i < 10'000; ++i) user += fmt::format(" a{}=\"\"", i);
  return refuses_text(peer, with(peer, &Document::user, user + "/>"));
}

Verdict character_references(Peer& peer) {
  return takes_text(peer, changed(peer, &Document::application, "WER GPF Test Utility",
                                  "&lt;A &amp; B&gt; &quot;C&quot; &apos;D&apos; &#228;&#x2014;"));
}

std::string lone_surrogate(Peer& peer) {
  std::string body = utf16(changed(peer, &Document::user, "Username", "User!name"));
  const std::string mark = utf16("!", Utf16::le, Mark::without);
  body.replace(body.rfind(mark + utf16("n", Utf16::le, Mark::without)), 2, "\x00\xd8", 2);
  return body;
}

constexpr auto kLegal = std::to_array<ServerCase>({
    {{"CER2-S-080", must, "XML 1.0 4.3.3", "UTF-16 big-endian with a byte order mark is read"},
     [](Peer& peer) { return takes_bytes(peer, utf16(peer.document().text(), Utf16::be)); }},
    {{"CER2-S-081", gap, "MS-CER2 2.2.1", "UTF-16 little-endian without a byte order mark is read"},
     [](Peer& peer) { return takes_bytes(peer, utf16(peer.document().text(), Utf16::le, Mark::without)); }},
    {{"CER2-S-082", gap, "MS-CER2 2.2.1", "UTF-16 big-endian without a byte order mark is read"},
     [](Peer& peer) { return takes_bytes(peer, utf16(peer.document().text(), Utf16::be, Mark::without)); }},
    {{"CER2-S-083", must, "MS-CER2 4.1", "the document of example 4.1 is taken"},
     [](Peer& peer) { return takes_text(peer, example_crash()); }},
    {{"CER2-S-084", must, "MS-CER2 4.3", "the document of example 4.3 is taken"},
     [](Peer& peer) { return takes_text(peer, example_kernel()); }},
    {{"CER2-S-085", must, "MS-CER2 4.4", "the document of example 4.4 is taken"},
     [](Peer& peer) { return takes_text(peer, example_generic()); }},
    {{"CER2-S-086", gap, "MS-CER2 2.2.1.3.1", "the elements may come in another order"}, other_order},
    {{"CER2-S-087", must, "XML 1.0 3.1", "the order of attributes means nothing"},
     [](Peer& peer) {
       return takes_text(peer, with(peer, &Document::files,
                                    "<FILES><FILE filename=\"Version.txt\" filetype=\"5\"/></FILES>"));
     }},
    {{"CER2-S-088", must, "MS-CER2 2.2.1.3.4", "a report without APPLICATIONINFO is taken"},
     [](Peer& peer) { return takes_text(peer, with(peer, &Document::application, "")); }},
    {{"CER2-S-089", must, "MS-CER2 2.2.1.3.7", "a report without FILES is taken"},
     [](Peer& peer) { return takes_text(peer, with(peer, &Document::files, "")); }},
    {{"CER2-S-090", must, "MS-CER2 2.2.1.3", "optional attributes may be absent"},
     without_optional_attributes},
    {{"CER2-S-091", must, "MS-CER2 2.2.1.3", "all optional attributes may be there"},
     with_optional_attributes},
    {{"CER2-S-092", must, "MS-CER2 2.2.1.3.6", "ten PARAMETERs are taken"},
     [](Peer& peer) { return takes_text(peer, with(peer, &Document::signature, parameters(10))); }},
    {{"CER2-S-093", must, "MS-CER2 2.2.1.3.6.2", "SECONDARYPARAMETERs have no bound"},
     [](Peer& peer) {
       return takes_text(peer, with(peer, &Document::signature, secondary_parameters(200)));
     }},
    {{"CER2-S-094", must, "MS-CER2 2.2.1.3.6", "an empty SIGNATURE is taken"},
     [](Peer& peer) { return takes_text(peer, with(peer, &Document::signature, "<SIGNATURE/>")); }},
    {{"CER2-S-095", must, "MS-CER2 2.2.1.3.6.1", "the value of a PARAMETER may be empty"},
     [](Peer& peer) {
       return takes_text(peer, changed(peer, &Document::signature, "value=\"GPFMe.exe\"", "value=\"\""));
     }},
    {{"CER2-S-096", must, "MS-CER2 2.2.1.2.1", "a path of 256 characters is taken"},
     [](Peer& peer) {
       return takes_text(peer, changed(peer, &Document::application, "GPFMe", std::string(243, 'x')));
     }},
    {{"CER2-S-097", must, "MS-CER2 2.2.1.3.2", "a user name has no bound of its own"},
     [](Peer& peer) {
       return takes_text(peer, changed(peer, &Document::user, "Username", std::string(4000, 'u')));
     }},
    {{"CER2-S-098", must, "MS-CER2 2.2.1.3.5", "an event time has 64 bits"},
     [](Peer& peer) {
       return takes_text(peer, changed(peer, &Document::event, "128496925196486378", "18446744073709551615"));
     }},
    {{"CER2-S-099", must, "MS-CER2 2.2.1.2.4", "every report type from 0 to 4 is taken"},
     [](Peer& peer) {
       for (const char* type : {"\"0\"", "\"1\"", "\"3\"", "\"4\""})
         if (Verdict verdict = takes_text(peer, changed(peer, &Document::event, "\"2\"", type));
             !verdict.passed())
           return failed(fmt::format("reporttype={}: {}", type, verdict.reason));
       return pass();
     }},
    {{"CER2-S-100", must, "XML 1.0 4.6", "references to characters and the five entities are read"},
     character_references},
    {{"CER2-S-101", must, "XML 1.0 2.2", "characters beyond the first plane are read"},
     [](Peer& peer) {
       return takes_text(peer, changed(peer, &Document::user, "Username", "\U0001F5A5 \U00020BB7"));
     }},
    {{"CER2-S-102", must, "XML 1.0 2.8", "comments and processing instructions are read over"},
     comments_and_instructions},
    {{"CER2-S-103", must, "XML 1.0 3.1", "single quotes, long and short tags mean the same"},
     long_and_short_tags},
    {{"CER2-S-104", must, "XML 1.0 2.11", "lines may end with LF, or nowhere"},
     [](Peer& peer) {
       if (Verdict verdict = takes_text(peer, peer.document().text("\n")); !verdict.passed()) return verdict;
       return takes_text(peer, peer.document().text(""));
     }},
    {{"CER2-S-105", gap, "MS-CER2 2.2.1.2.3", "locale identifiers may have five digits"},
     [](Peer& peer) { return takes_text(peer, changed(peer, &Document::machine, "1033", "18441")); }},
    {{"CER2-S-106", gap, "MS-CER2 2.2.1.2.2", "version strings of other Windows versions are taken"},
     newer_os_strings},
    {{"CER2-S-107", gap, "MS-CER2 2.2.1.2.5", "file types of later Windows versions are taken"},
     newer_file_types},
    {{"CER2-S-108", gap, "MS-CER2 2.2.1.3", "elements and attributes that it does not know are ignored"},
     unknown_parts},
    {{"CER2-S-109", gap, "MS-CER2 2.2.1", "a document of 256 KiB is taken"},
     [](Peer& peer) {
       return takes_text(peer, changed(peer, &Document::user, "Username", std::string(128u << 10, 'u')));
     }},
    {{"CER2-S-110", gap, "MS-CER2 2.2.1.3.6.1", "translated names of parameters change no bucket"},
     translated_names},
});

constexpr auto kIllegal = std::to_array<ServerCase>({
    {{"CER2-S-111", must, "XML 1.0 2.1", "an element without its end is refused"},
     [](Peer& peer) { return refuses_text(peer, replaced(peer.document().text(), "</WERREPORT>", "")); }},
    {{"CER2-S-112", must, "XML 1.0 3.1", "an attribute that occurs twice is refused"},
     [](Peer& peer) {
       return refuses_text(peer, changed(peer, &Document::user, "/>", R"( username="Somebody"/>)"));
     }},
    {{"CER2-S-113", must, "XML 1.0 2.1", "a second root element is refused"},
     [](Peer& peer) { return refuses_text(peer, peer.document().text() + "<WERREPORT/>"); }},
    {{"CER2-S-114", must, "XML 1.0 2.4", "a bare '&' or '<' in a value is refused"},
     [](Peer& peer) {
       for (const char* value : {"A & B", "A < B"})
         if (Verdict verdict = refuses_text(peer, changed(peer, &Document::user, "Username", value));
             !verdict.passed())
           return failed(fmt::format("{}: {}", value, verdict.reason));
       return pass();
     }},
    {{"CER2-S-115", must, "XML 1.0 4.1", "an entity that is not declared is refused"},
     [](Peer& peer) { return refuses_text(peer, changed(peer, &Document::user, "Username", "&nobody;")); }},
    {{"CER2-S-116", must, "XML 1.0 2.2", "characters that XML forbids are refused, as references too"},
     [](Peer& peer) {
       for (const char* value : {"&#0;", "\x01", "&#xFFFE;"})
         if (Verdict verdict = refuses_text(peer, changed(peer, &Document::user, "Username", value));
             !verdict.passed())
           return failed(verdict.reason);
       return pass();
     }},
    {{"CER2-S-117", must, "XML 1.0 4.3.3", "half a surrogate pair is refused"},
     [](Peer& peer) { return refuses_bytes(peer, lone_surrogate(peer)); }},
    {{"CER2-S-118", must, "XML 1.0 4.3.3", "UTF-16 of an odd number of bytes is refused"},
     [](Peer& peer) { return refuses_bytes(peer, peer.body() + "\r"); }},
    {{"CER2-S-119", must, "XML 1.0 2.1", "text outside of the root element is refused"},
     [](Peer& peer) { return refuses_text(peer, peer.document().text() + "more"); }},
    {{"CER2-S-120", must, "XML 1.0 2.1", "an empty body is refused"},
     [](Peer& peer) { return refuses_bytes(peer, ""); }},
    {{"CER2-S-121", gap, "MS-CER2 5.1", "a document type declaration that expands is refused"},
     expanding_entities},
    {{"CER2-S-122", gap, "MS-CER2 5.1", "an external entity is not fetched"}, external_entity},
    {{"CER2-S-123", gap, "MS-CER2 5.1", "elements that are nested without end are refused"}, deep_nesting},
    {{"CER2-S-124", gap, "MS-CER2 5.1", "an element with thousands of attributes is refused"},
     many_attributes},
    {{"CER2-S-125", gap, "MS-CER2 2.2.1.3.1", "another root than WERREPORT is refused"},
     [](Peer& peer) {
       return refuses_text(peer, replaced(replaced(peer.document().text(), "<WERREPORT", "<REPORT"),
                                          "</WERREPORT", "</REPORT"));
     }},
    {{"CER2-S-126", gap, "MS-CER2 2.2.1.3.3", "a report without MACHINEINFO is refused"},
     [](Peer& peer) { return refuses_text(peer, with(peer, &Document::machine, "")); }},
    {{"CER2-S-127", gap, "MS-CER2 2.2.1.3.2", "a report without USERINFO is refused"},
     [](Peer& peer) { return refuses_text(peer, with(peer, &Document::user, "")); }},
    {{"CER2-S-128", gap, "MS-CER2 2.2.1.3.5", "a report without EVENTINFO is refused"},
     [](Peer& peer) { return refuses_text(peer, with(peer, &Document::event, "")); }},
    {{"CER2-S-129", gap, "MS-CER2 2.2.1.3.1", "an element that may occur once and occurs twice is refused"},
     [](Peer& peer) {
       Document document = peer.document();
       document.machine += document.machine;
       return refuses_text(peer, document.text());
     }},
    {{"CER2-S-130", gap, "MS-CER2 2.2.1.3.3", "MACHINEINFO needs machinename, os and lcid"},
     [](Peer& peer) { return refuses_without(peer, &Document::machine, {"machinename", "os", "lcid"}); }},
    {{"CER2-S-131", gap, "MS-CER2 2.2.1.3.2", "USERINFO needs username"},
     [](Peer& peer) { return refuses_without(peer, &Document::user, {"username"}); }},
    {{"CER2-S-132", gap, "MS-CER2 2.2.1.3.4", "APPLICATIONINFO needs appname and apppath"},
     [](Peer& peer) { return refuses_without(peer, &Document::application, {"appname", "apppath"}); }},
    {{"CER2-S-133", gap, "MS-CER2 2.2.1.3.5", "EVENTINFO needs reporttype, eventtype and eventtime"},
     [](Peer& peer) {
       return refuses_without(peer, &Document::event, {"reporttype", "eventtype", "eventtime"});
     }},
    {{"CER2-S-134", gap, "MS-CER2 2.2.1.3.6.1", "PARAMETER needs id and value"},
     [](Peer& peer) { return refuses_without(peer, &Document::signature, {"id", "value"}); }},
    {{"CER2-S-135", gap, "MS-CER2 2.2.1.3.7.1", "FILE needs filename and filetype"},
     [](Peer& peer) { return refuses_without(peer, &Document::files, {"filename", "filetype"}); }},
    {{"CER2-S-136", gap, "MS-CER2 2.2.1.3.6.2", "SECONDARYPARAMETER needs name and value"},
     [](Peer& peer) {
       for (const char* one : {"<SECONDARYPARAMETER value=\"v\"/>", "<SECONDARYPARAMETER name=\"n\"/>"})
         if (Verdict verdict = refuses_text(
                 peer, with(peer, &Document::signature, fmt::format("<SIGNATURE>{}</SIGNATURE>", one)));
             !verdict.passed())
           return failed(fmt::format("{}: {}", one, verdict.reason));
       return pass();
     }},
    {{"CER2-S-137", gap, "MS-CER2 2.2.1.2.4", "a report type of 5 is refused"},
     [](Peer& peer) { return refuses_text(peer, changed(peer, &Document::event, "\"2\"", "\"5\"")); }},
    {{"CER2-S-138", gap, "MS-CER2 2.2.1.2.5", "a file type of 0 is refused"},
     [](Peer& peer) {
       return refuses_text(peer, changed(peer, &Document::files, "filetype=\"5\"", "filetype=\"0\""));
     }},
    {{"CER2-S-139", gap, "MS-CER2 2.2.1.2.7", "a parameter id that is not one digit is refused"},
     [](Peer& peer) {
       return refuses_text(peer, changed(peer, &Document::signature, "id=\"7\"", "id=\"x\""));
     }},
    {{"CER2-S-140", gap, "MS-CER2 2.2.1.3.6.1", "a parameter id that occurs twice is refused"},
     [](Peer& peer) {
       return refuses_text(peer, changed(peer, &Document::signature, "id=\"7\"", "id=\"6\""));
     }},
    {{"CER2-S-141", gap, "MS-CER2 2.2.1.3.6", "eleven PARAMETERs are refused"},
     [](Peer& peer) { return refuses_text(peer, with(peer, &Document::signature, parameters(11))); }},
    {{"CER2-S-142", gap, "MS-CER2 2.2.1.2.6", "an oem of more than 32 characters is refused"},
     [](Peer& peer) {
       const std::string oem = fmt::format(" oem=\"{}\"/>", std::string(33, 'o'));
       return refuses_text(peer, changed(peer, &Document::machine, "/>", oem));
     }},
    {{"CER2-S-143", gap, "MS-CER2 2.2.1.2.1", "a path of more than MAX_PATH characters is refused"},
     [](Peer& peer) {
       return refuses_text(peer, changed(peer, &Document::application, "GPFMe", std::string(300, 'x')));
     }},
    {{"CER2-S-144", gap, "MS-CER2 2.2.1.2.2", "an os that is no row of numbers is refused"},
     [](Peer& peer) {
       return refuses_text(peer, changed(peer, &Document::machine, "6.1.6561.2.0.0.256.1", "Windows"));
     }},
    {{"CER2-S-145", gap, "MS-CER2 2.2.1.2.3", "an lcid that is no decimal number is refused"},
     [](Peer& peer) { return refuses_text(peer, changed(peer, &Document::machine, "1033", "0x409")); }},
    {{"CER2-S-146", gap, "MS-CER2 2.2.1.3.5", "an event time over 64 bits, or none at all, is refused"},
     [](Peer& peer) {
       for (const char* time : {"18446744073709551616", "2008-03-11"})
         if (Verdict verdict =
                 refuses_text(peer, changed(peer, &Document::event, "128496925196486378", time));
             !verdict.passed())
           return failed(fmt::format("eventtime {}: {}", time, verdict.reason));
       return pass();
     }},
});

}  // namespace

std::span<const ServerCase> legal_document_cases() {
  return kLegal;
}

std::span<const ServerCase> illegal_document_cases() {
  return kIllegal;
}

}  // namespace wheatstone::conform
