using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Commands;

/// <summary><c>clean</c>: removes what runs have left that were stopped or killed.</summary>
internal static class CleanCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> folder = new("FOLDER")
        {
            Description = "Folder in which results are written",
            DefaultValueFactory = _ => ".",
        };
        Option<bool> dry = new("--dry-run") { Description = "List what would be removed, and remove nothing" };
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "clean",
            "Removes the kept work and unfinished files of stopped and killed runs from a folder",
            "clean",
            "clean results --dry-run");
        command.Arguments.Add(folder);
        command.Options.Add(dry);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            string[] found = Find(parsed.GetValue(folder)!);
            var removed = found.Select(path => (Path: path, Bytes: BytesOf(path))).ToArray();
            if (!parsed.GetValue(dry))
            {
                Array.ForEach(found, Remove);
            }

            if (parsed.GetValue(json))
            {
                terminal.WriteJson(ToJson(removed, parsed.GetValue(dry)));
            }
            else
            {
                Print(terminal.Results, removed, parsed.GetValue(dry));
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string[] Find(string folder) => Directory.Exists(folder)
        ? [.. WorkFolder.Find(folder).Concat(Leftovers.Find(folder))]
        : throw new CheckpointException(folder, "does not exist; give the folder in which results are written");

    private static long BytesOf(string path) => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : new FileInfo(path).Length;

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            WorkFolder.Remove(path);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static void Print(TextWriter results, (string Path, long Bytes)[] removed, bool isDry)
    {
        foreach ((string path, long bytes) in removed)
        {
            results.WriteLine($"{(isDry ? "would remove" : "removed")} {path} ({SizeText.Of(bytes)})");
        }

        if (removed.Length == 0)
        {
            results.WriteLine("there is nothing to remove");
        }
    }

    private static JsonObject ToJson((string Path, long Bytes)[] removed, bool isDry) => new()
    {
        ["dry_run"] = isDry,
        ["bytes"] = removed.Sum(entry => entry.Bytes),
        ["removed"] = new JsonArray(
            [.. removed.Select(entry => new JsonObject { ["path"] = entry.Path, ["bytes"] = entry.Bytes })]),
    };
}
