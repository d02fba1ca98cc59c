using System.Globalization;
using System.Text;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Conversation;

/// <summary>Reads messages and commands until the input ends, and prints replies.</summary>
/// <param name="terminal">Where it reads and writes.</param>
/// <param name="turns">The conversation.</param>
internal sealed class ChatLoop(Terminal terminal, ChatTurns turns)
{
    private const string Fence = "\"\"\"";

    private const string Help = """
        /reset  forgets what was said
        /stats  tells how fast the last reply came
        /help   shows this
        /exit   ends, as the end of the input does (Ctrl-D)
        A line that ends with \ goes on in the next one; so does everything between two lines of three quotation marks.
        Ctrl-C stops a reply.
        """;

    /// <summary>Talks.</summary>
    public void Run()
    {
        if (terminal.IsTyped)
        {
            terminal.Messages.WriteLine(turns.Continues
                ? "this model has no chat template: it continues the text that you type; /help tells more"
                : "type a message, or /help");
        }

        while (ReadMessage() is { } message)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            if (message == "/exit")
            {
                return;
            }

            if (message.StartsWith('/'))
            {
                Obey(message);
            }
            else if (message.Length > 0)
            {
                Answer(message);
            }
        }
    }

    private void Obey(string command)
    {
        switch (command)
        {
            case "/reset":
                turns.Reset();
                terminal.Messages.WriteLine("what was said is forgotten");
                break;
            case "/stats":
                terminal.Messages.WriteLine(Stats());
                break;
            case "/help":
                terminal.Messages.WriteLine(Help);
                break;
            default:
                terminal.Messages.WriteLine($"{command} is no command; /help shows them");
                break;
        }
    }

    private void Answer(string message)
    {
        using var reply = CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation);
        terminal.DivertInterruption(reply.Cancel);
        try
        {
            bool isWhole = turns.Answer(message, Show, reply.Token);
            terminal.Results.WriteLine();
            terminal.Results.Flush();
            if (!isWhole)
            {
                terminal.Messages.WriteLine("(stopped)");
            }
        }
        catch (ConfigurationException e)
        {
            terminal.Messages.WriteLine($"error: {e.Message}; /reset forgets what was said");
        }
        finally
        {
            terminal.DivertInterruption(null);
        }

        terminal.Cancellation.ThrowIfCancellationRequested();
    }

    private void Show(string text)
    {
        terminal.Results.Write(text);
        terminal.Results.Flush();
    }

    private string Stats() => turns.Last is not { } last
        ? "there is no reply yet"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Units.Count(turns.Answered, "message")} answered; "
            + $"last prompt {Units.Count(last.PromptTokens, "token")}, {last.KnownTokens} of them known, at "
            + $"{last.PrefillTokensPerSecond:F0} tokens/s, reply {Units.Count(last.TokenIds.Length, "token")} at "
            + $"{last.DecodeTokensPerSecond:F1} tokens/s; cache {last.KvBytesPerToken} bytes per token");

    private string? ReadMessage()
    {
        string? line = ReadLine("> ");
        return line is null ? null : line.Trim() == Fence ? ReadBlock() : ReadContinued(line).Trim();
    }

    private string ReadContinued(string line)
    {
        var message = new StringBuilder();
        while (line.EndsWith('\\'))
        {
            message.Append(line, 0, line.Length - 1).Append('\n');
            line = ReadLine("  ") ?? "";
        }

        return message.Append(line).ToString();
    }

    private string ReadBlock()
    {
        var message = new StringBuilder();
        while (ReadLine("  ") is { } line && line.Trim() != Fence)
        {
            message.Append(line).Append('\n');
        }

        return message.ToString().Trim();
    }

    private string? ReadLine(string prompt)
    {
        if (!terminal.IsTyped)
        {
            return terminal.Input.ReadLine();
        }

        terminal.Messages.Write(prompt);
        terminal.DivertInterruption(() => terminal.Messages.Write($"\n(/exit or Ctrl-D ends)\n{prompt}"));
        try
        {
            return terminal.Input.ReadLine();
        }
        finally
        {
            terminal.DivertInterruption(null);
        }
    }
}
