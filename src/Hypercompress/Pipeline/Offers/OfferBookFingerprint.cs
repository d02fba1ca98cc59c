using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// The inputs that an offer book depends on, as hashes; a run with the same hashes may use the book again.
/// </summary>
/// <param name="settings">The options that offers depend on, written out.</param>
/// <param name="calibration">The calibration texts.</param>
/// <param name="validation">The validation texts.</param>
internal sealed class OfferBookFingerprint(
    string settings, ImmutableArray<string> calibration, ImmutableArray<string> validation)
{
    /// <summary>The name of the model among the inputs.</summary>
    public const string Model = "model";

    /// <summary>The name, among the inputs, of another model that is compressed in place of the model.</summary>
    public const string Student = "student";

    /// <summary>The name of the options among the inputs.</summary>
    public const string Settings = "set of settings";

    /// <summary>The fingerprint of the book that a run makes.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="texts">Hashes of the texts.</param>
    /// <param name="student">Another model that is compressed in its place, or null.</param>
    /// <returns>Hashes by the name of the input.</returns>
    public ImmutableSortedDictionary<string, string> Of(ModelPackage package, TextHashes texts, ModelPackage? student)
    {
        var origin = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        origin.Add(Model, TeacherFingerprint.Of(package));
        if (student is not null)
        {
            origin.Add(Student, TeacherFingerprint.Of(student));
        }

        origin.Add("version of the program", typeof(OfferBook).Module.ModuleVersionId.ToString("N"));
        origin.Add(Settings, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings))));
        AddTexts(origin, "calibration text", calibration, texts);
        AddTexts(origin, "validation text", validation, texts);
        return origin.ToImmutable();
    }

    // Texts that are not given again are assumed to be the same.
    private static void AddTexts(
        ImmutableSortedDictionary<string, string>.Builder origin,
        string name,
        ImmutableArray<string> files,
        TextHashes texts)
    {
        if (!files.IsEmpty)
        {
            origin.Add(name, texts.OfTogether(files));
        }
    }
}
