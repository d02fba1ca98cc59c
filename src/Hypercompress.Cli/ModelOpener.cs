using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli;

/// <summary>Opens what a user named, or the model that is part of the program.</summary>
internal static class ModelOpener
{
    /// <summary>Opens a model to run it.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <param name="access">Finds and checks models.</param>
    /// <param name="packs">Whether matrices are held as they are stored, for inference without libtorch.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static OpenModel Open(string? path, ModelAccess access, bool packs = false)
    {
        OpenModel model = OpenModel.Open(
            Locate(path, access), new BranchRegistry().CreateCatalog(), access.Check, access.LocateBase(), packs);
        access.Tell(model.Notes);
        return model;
    }

    /// <summary>Opens a model's tokenizer; weights need not be there.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <param name="access">Finds and checks models.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">There is none, or it cannot be read.</exception>
    public static ITokenizer OpenTokenizer(string? path, ModelAccess access) =>
        PackagedTokenizer.Open(Locate(path, access));

    /// <summary>The path of a model on this machine.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <param name="access">Finds and checks models.</param>
    /// <returns>The path; that of the model that is part of the program for null.</returns>
    /// <exception cref="CheckpointException">A Hub id is not in the cache, or cannot be fetched.</exception>
    public static string Locate(string? path, ModelAccess access) =>
        path is null ? BuiltInModel.Folder : access.Locate(path);
}
