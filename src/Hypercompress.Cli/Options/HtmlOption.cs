using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Options;

/// <summary>The option <c>--html FILE</c> of the verbs that write a page.</summary>
internal static class HtmlOption
{
    /// <summary>Creates it.</summary>
    /// <param name="description">What is written.</param>
    /// <returns>The option.</returns>
    public static Option<string?> Create(string description) => new("--html")
    {
        Description = description,
        HelpName = "FILE",
    };

    /// <summary>Writes a page.</summary>
    /// <param name="terminal">Where the file is named.</param>
    /// <param name="file">The file; null for none.</param>
    /// <param name="page">Makes the page, once it is known that the file can be written.</param>
    /// <exception cref="ConfigurationException">The file cannot be written.</exception>
    public static void Write(Terminal terminal, string? file, Func<string> page)
    {
        if (file is not null)
        {
            OutputTarget.CheckFile("--html", file);
            AtomicFile.WriteText(file, page());
            terminal.Messages.WriteLine($"page: {file}");
        }
    }
}
