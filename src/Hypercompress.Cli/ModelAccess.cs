using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;

namespace Hypercompress.Cli;

/// <summary>How models are found and checked: the options that all commands on models share.</summary>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="download">Whether a missing model may be downloaded: <c>--download</c>.</param>
/// <param name="offline">Whether downloads are forbidden: <c>--offline</c>.</param>
/// <param name="check">Whether the weights of artifacts are checked: not <c>--no-check</c>.</param>
/// <param name="baseModel">The model that an adapter is merged into, as it was typed: <c>--base</c>; or null.</param>
internal sealed class ModelAccess(Terminal terminal, bool download, bool offline, bool check, string? baseModel = null)
{
    private static readonly Option<bool> Download = new("--download")
    {
        Description = "Download a model given as owner/name[@revision] from the Hub if it is not in the cache",
    };

    private static readonly Option<bool> Offline = new("--offline")
    {
        Description = "Download nothing: use only Hub models in the cache (HF_HUB_OFFLINE)",
    };

    private static readonly Option<bool> NoCheck = new("--no-check")
    {
        Description = "Do not compare the weights of an artifact with the hashes in its manifest",
    };

    private static readonly Option<string?> Base = new("--base")
    {
        HelpName = "MODEL",
        Description = "The model that MODEL changes when MODEL is a LoRA adapter: the two are merged",
    };

    /// <summary>Whether the weights of artifacts are compared with the hashes in the manifest.</summary>
    public bool Check => check;

    /// <summary>Adds the options to a verb that opens a model or an artifact.</summary>
    /// <param name="command">The verb.</param>
    /// <returns>The same.</returns>
    public static Command AddTo(Command command)
    {
        AddPlacesTo(command);
        command.Options.Add(NoCheck);
        command.Options.Add(Base);
        return command;
    }

    /// <summary>Adds the options to a verb that checks no hashes of artifacts.</summary>
    /// <param name="command">The verb.</param>
    /// <returns>The same.</returns>
    public static Command AddWithoutCheckTo(Command command)
    {
        AddPlacesTo(command);
        command.Options.Add(Base);
        return command;
    }

    /// <summary>Adds the options to a verb that only finds a model, and reads no weights of it as a model's.</summary>
    /// <param name="command">The verb.</param>
    /// <returns>The same.</returns>
    public static Command AddPlacesTo(Command command)
    {
        command.Options.Add(Download);
        command.Options.Add(Offline);
        return command;
    }

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <returns>The access.</returns>
    public static ModelAccess Of(ParseResult parsed, Terminal terminal) =>
        new(terminal, parsed.GetValue(Download), parsed.GetValue(Offline), !parsed.GetValue(NoCheck),
            parsed.GetValue(Base));

    /// <summary>Finds the model that an adapter is merged into.</summary>
    /// <returns>Its path on this machine; null when none was typed.</returns>
    /// <exception cref="CheckpointException">A Hub id is not in the cache, or cannot be fetched.</exception>
    public string? LocateBase() => baseModel is null ? null : Locate(baseModel);

    /// <summary>Prints what people should know of a model's files.</summary>
    /// <param name="notes">Sentences.</param>
    public void Tell(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            terminal.Note(note);
        }
    }

    /// <summary>Finds a model on this machine.</summary>
    /// <param name="model">What was typed: a path, or a Hub id.</param>
    /// <returns>The path; that of the cache for a Hub id.</returns>
    /// <exception cref="CheckpointException">A Hub id is not in the cache, or cannot be fetched.</exception>
    public string Locate(string model)
    {
        if (Path.Exists(model) || HubModelId.TryParse(model) is not { } id)
        {
            return model;
        }

        HubSettings settings = HubSettings.FromEnvironment(Environment.GetEnvironmentVariable);
        var models = new HubModels(settings with { Offline = settings.Offline || offline });
        return download
            ? DownloadDisplay.Run(terminal, progress => models.Download(id, progress, terminal.Cancellation))
            : models.Find(id);
    }
}
