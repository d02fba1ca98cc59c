using System.Security.Cryptography;
using System.Text;

namespace Hypercompress.Reporting.Pages;

/// <summary>
/// A page in one file: nothing is loaded from elsewhere, and a browser runs no other script than the page's own.
/// </summary>
internal static class PageFrame
{
    private static readonly string Style = Read("page.css");
    private static readonly string Script = Read("page.js");

    private static readonly string Policy =
        $"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        + $"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'";

    /// <summary>Writes a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="write">Writes what is between its head and its foot.</param>
    /// <returns>HTML.</returns>
    public static string Write(string title, Action<Markup> write)
    {
        var page = new Markup();
        page.Own("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Open("head");
        page.Own("<meta charset=\"utf-8\"/>\n")
            .Own("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .Own("<meta name=\"color-scheme\" content=\"light dark\"/>\n")
            .Own($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\"/>\n")
            .Own("<link rel=\"icon\" href=\"data:,\"/>\n");
        page.Element("title", title).Open("style").Own(Style).Close("style").Close("head").Open("body").Open("main");
        write(page);
        page.Close("main").Open("script").Own(Script).Close("script").Close("body").Close("html");
        return page.ToString();
    }

    /// <summary>Opens a section.</summary>
    /// <param name="page">The page.</param>
    /// <param name="id">Its name for links.</param>
    /// <param name="title">Its title.</param>
    public static void Begin(Markup page, string id, string title) =>
        page.Open("section", ("id", id), ("aria-labelledby", $"{id}-title"))
            .Element("h2", title, ("id", $"{id}-title"));

    /// <summary>Closes a section.</summary>
    /// <param name="page">The page.</param>
    public static void End(Markup page) => page.Close("section");

    private static string Read(string resource)
    {
        using Stream content = typeof(PageFrame).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(content);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
