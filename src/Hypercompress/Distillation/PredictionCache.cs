using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>
/// The teacher's predictions of windows of text, computed once and kept in a file: later passes over the text, other
/// phases and later runs read them there. What is used is what the file holds, whether it was there before or not.
/// </summary>
/// <remarks>A window is known by its tokens, the file by the teacher and by what computes it.</remarks>
internal sealed class PredictionCache : IDisposable
{
    private readonly DecoderModel _teacher;
    private readonly WindowFile _file;

    private PredictionCache(DecoderModel teacher, WindowFile file) => (_teacher, _file) = (teacher, file);

    /// <summary>Windows that the teacher had to read.</summary>
    public int Computed { get; private set; }

    /// <summary>Opens the file of a teacher, or begins it.</summary>
    /// <param name="folder">Where such files are; it is made.</param>
    /// <param name="teacher">The teacher; not changed.</param>
    /// <param name="fingerprint">Recognises the teacher's files.</param>
    /// <param name="length">Predicted tokens of a window.</param>
    /// <returns>The cache; the caller disposes it.</returns>
    /// <exception cref="ConfigurationException">The folder cannot be written to.</exception>
    public static PredictionCache Open(string folder, DecoderModel teacher, string fingerprint, int length)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        Require(folder);
        var layout = new PredictionLayout(teacher.Config.VocabularySize, length);
        string key = string.Join('\n', fingerprint, layout, teacher.Device, get_num_threads());
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32];
        return new PredictionCache(teacher, WindowFile.Open(Path.Combine(folder, $"{name}.predictions"), layout));
    }

    /// <summary>Checks, before any work, that predictions can be kept in a folder.</summary>
    /// <param name="folder">The folder; it is made.</param>
    /// <exception cref="ConfigurationException">It cannot be made, or not be written to.</exception>
    public static void Require(string folder)
    {
        if (WritableFolder.FaultOfMade(folder) is { } fault)
        {
            throw new ConfigurationException(
                $"distillation.teacher_cache: {folder} is no folder that can be written to ({fault.Message}); give "
                + "another, or leave the key out",
                fault);
        }
    }

    /// <summary>The teacher's predictions of some windows.</summary>
    /// <param name="windows">int64 [batch, length + 1]; the last token of each is only predicted.</param>
    /// <returns>Of all positions of all windows, one window after the other, in the caller's scope.</returns>
    public TeacherPredictions Of(Tensor windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TeacherPredictions[] all = [.. Enumerable.Range(0, (int)windows.shape[0]).Select(row => OfOne(windows[row]))];
        return new TeacherPredictions(
            cat([.. all.Select(one => one.Tokens)]).to(windows.device).MoveToOuterDisposeScope(),
            cat([.. all.Select(one => one.LogProbabilities)]).to(windows.device).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private TeacherPredictions OfOne(Tensor window)
    {
        Tensor read = window.narrow(0, 0, window.shape[0] - 1).cpu();
        UInt128 hash = WindowFile.HashOf(MemoryMarshal.AsBytes<long>(read.data<long>().ToArray()));
        if (_file.Find(hash) is { } kept)
        {
            return _file.Layout.Decode(kept);
        }

        Computed++;
        byte[] made = _file.Layout.Encode(Predict(read));
        _file.Add(hash, made);
        return _file.Layout.Decode(made);
    }

    // In float32, whatever training multiplies in: later runs may do so otherwise.
    private TeacherPredictions Predict(Tensor ids)
    {
        using IDisposable exact = LinearProduct.Rounding(null);
        Tensor hidden = _teacher.Hidden(ids.unsqueeze(0).to(_teacher.Device));
        TeacherPredictions[] chunks =
        [
            .. HeadChunks.Cut(hidden.shape[1], _teacher.Config.VocabularySize)
                .Select(chunk => TeacherPredictions.Of(chunk.Logits(_teacher, hidden))),
        ];
        return new TeacherPredictions(
            cat([.. chunks.Select(chunk => chunk.Tokens)]), cat([.. chunks.Select(chunk => chunk.LogProbabilities)]));
    }
}
