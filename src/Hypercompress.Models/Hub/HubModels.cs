using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Hub;

/// <summary>
/// Models of the Hub on this machine. Files in the cache are used as they are; files are fetched only on request.
/// </summary>
/// <param name="settings">Where the Hub and the cache are.</param>
public sealed class HubModels(HubSettings settings)
{
    /// <summary>Finds the folder of a model in the cache.</summary>
    /// <param name="id">The model.</param>
    /// <returns>The folder of its files.</returns>
    /// <exception cref="CheckpointException">It is not in the cache, or not as a whole; the message says how to get
    /// it.</exception>
    public string Find(HubModelId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new HubCache(settings, id).FindSnapshot(id) ?? throw new CheckpointException(id.ToString(),
            $"is not a folder here, and not (or not as a whole) in the cache of Hub models at {settings.CacheFolder}; "
            + (settings.Offline
                ? "leave out --offline and HF_HUB_OFFLINE, and give --download to fetch it"
                : $"give --download to fetch it from {settings.Endpoint.Host}"));
    }

    /// <summary>
    /// Fetches what the cache lacks of a model: configuration, weights and tokenizer, or all that a compressed model's
    /// manifest lists.
    /// </summary>
    /// <param name="id">The model.</param>
    /// <param name="progress">Receives how much was fetched; null for none.</param>
    /// <param name="cancellation">Stops it; the next call continues there.</param>
    /// <returns>The folder of its files.</returns>
    /// <exception cref="ConfigurationException">The settings say that nothing may be fetched.</exception>
    /// <exception cref="CheckpointException">
    /// The Hub cannot be reached, does not know the model or refuses it, or a file differs from the Hub's description.
    /// </exception>
    /// <exception cref="IOException">The disk has too little room.</exception>
    public string Download(
        HubModelId id, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (settings.Offline)
        {
            throw new ConfigurationException("--download excludes --offline and HF_HUB_OFFLINE=1");
        }

        var cache = new HubCache(settings, id);
        using var client = new HubClient(settings, id, cancellation);
        var (commit, names) = client.ReadModel();
        var transfer = new HubTransfer(client, cache, progress, cancellation);
        string folder = cache.SnapshotOf(commit);
        if (names.Contains(HubManifest.FileName))
        {
            FetchListed(id, names, folder, transfer, name => client.ReadHeaders(commit, name));
        }
        else
        {
            FetchUsual(id, names, folder, transfer, name => client.ReadHeaders(commit, name));
        }

        if (!id.IsCommit)
        {
            cache.WriteReference(id.Revision, commit);
        }

        return folder;
    }

    private static void FetchUsual(
        HubModelId id, HashSet<string> names, string folder, HubTransfer transfer, Func<string, HubFile> read)
    {
        IReadOnlyList<string> chosen = HubFileSelection.Choose(id, names);
        if (chosen.FirstOrDefault(HubFileSelection.IsIndex) is { } index)
        {
            transfer.Run([read(index)]);
            chosen = [.. chosen, .. HubFileSelection.Parts(Path.Combine(folder, index))];
        }

        transfer.Run([.. chosen.Select(read)]);
    }

    private static void FetchListed(
        HubModelId id, HashSet<string> names, string folder, HubTransfer transfer, Func<string, HubFile> read)
    {
        string path = Path.Combine(folder, HubManifest.FileName);
        transfer.Run([read(HubManifest.FileName)]);
        try
        {
            HubManifest manifest = HubManifest.Read(path);
            if (manifest.Entries.FirstOrDefault(entry => !names.Contains(entry.Name)) is { } absent)
            {
                throw new CheckpointException(
                    id.ToString(), $"lacks {absent.Name}, which its {HubManifest.FileName} lists");
            }

            HubFile[] files = [.. manifest.Entries.Select(entry => read(entry.Name))];
            Array.ForEach(files, file => manifest.RequirePromised(id, file));
            transfer.Run(files);
            manifest.RequireContents(id, folder, files);
        }
        catch (CheckpointException)
        {
            // What is left is not a model: with neither of the two it is not taken for one.
            File.Delete(path);
            File.Delete(Path.Combine(folder, "config.json"));
            throw;
        }
    }
}
