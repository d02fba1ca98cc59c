using Hypercompress.Models.Packages;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Loads a teacher to run it.</summary>
internal static class TeacherLoader
{
    /// <summary>Loads.</summary>
    /// <param name="package">The teacher's files; stay open for as long as the teacher is used.</param>
    /// <param name="isStreamed">Whether weights stay in the files and are read when they are used.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    /// <returns>The teacher, owned by the caller.</returns>
    /// <exception cref="Models.Errors.CheckpointException">A file cannot be read.</exception>
    /// <exception cref="Models.Errors.ConfigurationException">The machine does not have the device.</exception>
    /// <exception cref="Models.Errors.NumericalException">A weight is NaN or infinite.</exception>
    public static LanguageModel Load(ModelPackage package, bool isStreamed, string device)
    {
        LanguageModel model =
            isStreamed ? LanguageModel.LoadStreamed(package) : LanguageModel.Load(package);
        try
        {
            FiniteWeights.Require(model.Decoder, package.Location);
            model.Decoder.MoveTo(DeviceSelection.Of(device));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The number format in which the teacher's tensors are kept where they are not compressed.</summary>
    /// <param name="package">The teacher's files.</param>
    /// <returns>The format that most of its weights are published in.</returns>
    public static ValueFormat FormatOf(ModelPackage package) => package.StoredType switch
    {
        "F32" => FloatFormat.Float32,
        "BF16" => FloatFormat.BFloat16,
        _ => FloatFormat.Float16,
    };
}
