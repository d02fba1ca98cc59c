using Hypercompress.Artifacts;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli;

/// <summary>Opens what a user named, or the model that ships inside.</summary>
internal static class ModelOpener
{
    /// <summary>Opens a model to run it.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static OpenModel Open(string? path) => OpenModel.Open(Resolve(path), new BranchRegistry().CreateCatalog());

    /// <summary>Opens a model's files.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <returns>The package; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static ModelPackage OpenPackage(string? path) => ModelPackage.Open(Resolve(path));

    /// <summary>Opens a model's tokenizer; weights need not be there.</summary>
    /// <param name="path">What was typed, or null.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">There is none, or it cannot be read.</exception>
    public static ITokenizer OpenTokenizer(string? path) => PackagedTokenizer.Open(Resolve(path));

    private static string Resolve(string? path) => path ?? BuiltInModel.Folder;
}
