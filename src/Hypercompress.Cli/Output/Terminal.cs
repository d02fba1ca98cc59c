using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Cli.Output;

/// <summary>Where a command writes: results for programs, messages for people. Both get printable text only.</summary>
/// <param name="results">Standard output.</param>
/// <param name="messages">Standard error.</param>
/// <param name="cancellation">Is cancelled by Ctrl-C.</param>
/// <param name="input">Standard input; null for that of the process.</param>
/// <param name="divert">Makes Ctrl-C do something else than to cancel; null for the usual.</param>
internal sealed class Terminal(
    TextWriter results,
    TextWriter messages,
    CancellationToken cancellation,
    TextReader? input = null,
    Action<Action?>? divert = null)
{
    private const int UsualWidth = 80;
    private const int FileWidth = 100;

    private const int Utf8 = 65001;
    private const int Utf16 = 1200;

    /// <summary>Standard output.</summary>
    public TextWriter Results { get; } = new PrintableWriter(results);

    /// <summary>Standard error.</summary>
    public TextWriter Messages { get; } = new PrintableWriter(messages);

    /// <summary>Is cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Standard input.</summary>
    public TextReader Input => input ?? Console.In;

    /// <summary>Whether a person types the input.</summary>
    public bool IsTyped => input is null && !Console.IsInputRedirected;

    /// <summary>What the command says when it is stopped, asked then; null for the usual.</summary>
    public Func<string>? StopNotice { get; set; }

    /// <summary>Makes Ctrl-C do something else than to stop the command.</summary>
    /// <param name="action">What; null for the usual.</param>
    public void DivertInterruption(Action? action) => divert?.Invoke(action);

    /// <summary>Whether progress may be drawn: standard error is a terminal that wants colours.</summary>
    public bool IsInteractive =>
        ReferenceEquals(messages, Console.Error) && !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of a line of the results; a fixed number where they go to a file.</summary>
    public int ResultColumns => ShowsResults ? Width : FileWidth;

    /// <summary>Columns of a table of the results; as many as it has where they go to a file.</summary>
    public int TableColumns => ShowsResults ? Width : int.MaxValue;

    private bool ShowsResults => ReferenceEquals(results, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Tells people something about the work that does not end it.</summary>
    /// <param name="text">A sentence.</param>
    public void Note(string text) => Messages.WriteLine($"note: {text}");

    /// <summary>A live line on standard error.</summary>
    /// <returns>The line; it makes text from files printable.</returns>
    public LiveLine LiveLine() => new(messages, () => Width);

    /// <summary>
    /// Prints the one document of <c>--json</c>; numbers that are not finite become null. Letters that the output
    /// cannot hold are escaped.
    /// </summary>
    /// <param name="document">The document.</param>
    public void WriteJson(JsonNode document)
    {
        string text = FiniteJson.Of(document)!.ToJsonString(PlainJson.Indented);
        Results.WriteLine(Results.Encoding.CodePage is Utf8 or Utf16 ? text : FiniteJson.ToAscii(text));
    }

    private static int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
            }
            catch (IOException)
            {
                return UsualWidth;
            }
        }
    }
}
