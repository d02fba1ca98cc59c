using System.Globalization;
using LLama.Native;

namespace Hypercompress.Benchmarks.Gguf;

/// <summary>
/// GGUF files of one size, ours and those of llama.cpp's quantizer, judged by llama.cpp's forward pass:
/// <c>gguf teacher MODEL OUT.gguf SEED</c>, <c>gguf imatrix MODEL TEXT TOKENS OUT</c>,
/// <c>gguf quantize TEACHER.gguf IMATRIX MOSTLY_Q4_K_M OUT.gguf</c>, <c>gguf score TEXT WINDOWS WINDOW THREADS FILE.gguf …</c>.
/// </summary>
internal static class GgufComparison
{
    /// <summary>Runs one step.</summary>
    /// <param name="args">The step and its arguments.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        switch (args)
        {
            case [_, "teacher", var model, var file, var seed]:
                NoisyTeacher.Write(model, file, ulong.Parse(seed, CultureInfo.InvariantCulture));
                return 0;
            case [_, "imatrix", var model, var text, var tokens, var file]:
                ImportanceMatrix.Measure(model, text, Whole(tokens)).Write(file);
                return 0;
            case [_, "quantize", var teacher, var imatrix, var type, var file]:
                LlamaQuantizer.Run(teacher, ImportanceMatrix.Read(imatrix), Enum.Parse<LLamaFtype>(type), file);
                return 0;
            case [_, "score", var text, var windows, var window, var threads, .. var files] when files.Length > 0:
                LlamaScore.Compare(text, Whole(windows), Whole(window), Whole(threads), files);
                return 0;
            default:
                Console.Error.WriteLine("gguf teacher|imatrix|quantize|score …: see GgufComparison");
                return 2;
        }
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
