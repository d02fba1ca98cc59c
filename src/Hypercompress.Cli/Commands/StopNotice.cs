using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Journal;

namespace Hypercompress.Cli.Commands;

/// <summary>What a stopped run says: where its work is, if there is any, and the command that goes on.</summary>
internal static class StopNotice
{
    /// <summary>The notice of a run.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="options">The options of <c>compress</c>.</param>
    /// <param name="folder">The folder of the artifact.</param>
    /// <returns>One sentence, and the command.</returns>
    public static Func<string> For(ParseResult parsed, CompressOptions options, string folder)
    {
        string[] left = [options.Restart.Name, options.Resume.Name];
        IEnumerable<string> typed = parsed.Tokens.Select(token => token.Value).Where(word => !left.Contains(word));
        IEnumerable<string> output = parsed.GetValue(options.Output) is null ? [options.Output.Name, folder] : [];
        string again = $"{ProgramName.Command} {string.Join(' ', typed.Concat(output).Select(ResultText.Quoted))}";
        string work = WorkFolder.Of(folder);
        return () => WorkFolder.IsWork(work)
            ? $"stopped; what is done so far is kept in {work}. Go on with: {again} {options.Resume.Name}"
            : $"stopped before the first result was kept. Start over with: {again}";
    }
}
