// A Windows Error Reporting client as Windows programs write one, with WinHTTP: sends level 1, and the cab if
// the answer asks for it. Prints a line for each request, "POST 200" or "POST error 12002"; the body of the
// answer goes into a file.
//
// report.exe URL LEVEL1 CAB ANSWER [USER PASSWORD]
//
// Of an https URL any certificate will do.
#include <windows.h>
#include <winhttp.h>

#include <cstdio>
#include <string>

namespace {

class Handle {
 public:
  explicit Handle(HINTERNET handle) : handle_(handle) {}
  ~Handle() { WinHttpCloseHandle(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator HINTERNET() const { return handle_; }

 private:
  HINTERNET handle_;
};

struct Outcome {
  DWORD error = 0;   // what went wrong, ERROR_WINHTTP_...; 0: nothing
  DWORD status = 0;  // 0: no response came
  std::string body = {};
};

std::string read_file(const wchar_t* path) {
  std::string bytes;
  if (FILE* file = _wfopen(path, L"rb")) {
    char buffer[4096];
    for (std::size_t count; (count = fread(buffer, 1, sizeof buffer, file)) > 0;) bytes.append(buffer, count);
    fclose(file);
  }
  return bytes;
}

void write_file(const wchar_t* path, const std::string& bytes) {
  if (FILE* file = _wfopen(path, L"wb")) {
    fwrite(bytes.data(), 1, bytes.size(), file);
    fclose(file);
  }
}

class Client {
 public:
  Client(const URL_COMPONENTS& url, const wchar_t* user, const wchar_t* password)
      : session_(WinHttpOpen(L"MSDW", WINHTTP_ACCESS_TYPE_NO_PROXY, nullptr, nullptr, 0)),
        connection_(WinHttpConnect(session_, std::wstring(url.lpszHostName, url.dwHostNameLength).c_str(),
                                   url.nPort, 0)),
        secure_(url.nScheme == INTERNET_SCHEME_HTTPS),
        user_(user),
        password_(password) {
    WinHttpSetTimeouts(session_, 10000, 10000, 10000, 3000);
  }

  Outcome send(const wchar_t* verb, const wchar_t* path, std::string body) {
    const Handle request(WinHttpOpenRequest(connection_, verb, path, nullptr, WINHTTP_NO_REFERER,
                                            WINHTTP_DEFAULT_ACCEPT_TYPES, secure_ ? WINHTTP_FLAG_SECURE : 0));
    DWORD anything = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_CN_INVALID |
                     SECURITY_FLAG_IGNORE_CERT_DATE_INVALID | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE;
    if (secure_) WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &anything, sizeof anything);
    Outcome outcome = exchange(request, body);
    if (outcome.status == HTTP_STATUS_DENIED && user_ && choose_scheme(request))
      outcome = exchange(request, body);
    return outcome;
  }

 private:
  static Outcome exchange(HINTERNET request, std::string& body) {
    const auto size = static_cast<DWORD>(body.size());
    Outcome outcome;
    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, body.data(), size, size, 0) ||
        !WinHttpReceiveResponse(request, nullptr)) {
      outcome.error = GetLastError();
      return outcome;
    }
    DWORD length = sizeof outcome.status;
    WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                        WINHTTP_HEADER_NAME_BY_INDEX, &outcome.status, &length, WINHTTP_NO_HEADER_INDEX);
    char buffer[4096];
    for (DWORD count = 1; count > 0; outcome.body.append(buffer, count))
      if (!WinHttpReadData(request, buffer, sizeof buffer, &count)) {
        outcome.error = GetLastError();
        break;
      }
    return outcome;
  }

  // For the next exchange of a request that was answered with 401.
  bool choose_scheme(HINTERNET request) const {
    DWORD supported = 0, first = 0, target = 0;
    if (!WinHttpQueryAuthSchemes(request, &supported, &first, &target)) return false;
    const DWORD scheme = supported & WINHTTP_AUTH_SCHEME_NTLM;
    return scheme && WinHttpSetCredentials(request, target, scheme, user_, password_, nullptr);
  }

  Handle session_;
  Handle connection_;
  bool secure_;
  const wchar_t* user_;
  const wchar_t* password_;
};

void print(const char* verb, const Outcome& outcome) {
  printf("%s", verb);
  if (outcome.status) printf(" %lu", outcome.status);
  if (outcome.error) printf(" error %lu", outcome.error);
  printf("\n");
}

std::wstring path_of_cab(const std::string& answer) {
  const std::string key = "DumpFile=";
  const std::size_t at = answer.find(key);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + key.size(), end = answer.find('\r', begin);
  return {answer.begin() + static_cast<std::ptrdiff_t>(begin),
          end == std::string::npos ? answer.end() : answer.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

int wmain(int count, wchar_t** arguments) {
  URL_COMPONENTS url{};
  url.dwStructSize = sizeof url;
  url.dwHostNameLength = url.dwUrlPathLength = static_cast<DWORD>(-1);
  if ((count != 5 && count != 7) || !WinHttpCrackUrl(arguments[1], 0, 0, &url)) return 2;
  Client client(url, count == 7 ? arguments[5] : nullptr, count == 7 ? arguments[6] : nullptr);
  const Outcome answer = client.send(L"POST", url.lpszUrlPath, read_file(arguments[2]));
  print("POST", answer);
  write_file(arguments[4], answer.body);
  const std::wstring path = path_of_cab(answer.body);
  if (answer.error || path.empty()) return 1;
  const Outcome upload = client.send(L"PUT", path.c_str(), read_file(arguments[3]));
  print("PUT", upload);
  return upload.error || upload.status != HTTP_STATUS_OK;
}
