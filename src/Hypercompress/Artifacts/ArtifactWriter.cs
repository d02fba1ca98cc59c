using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>Writes a student as a folder: weights, descriptions, texts, and last a manifest with all hashes.</summary>
internal static class ArtifactWriter
{
    /// <summary>Fills a folder.</summary>
    /// <param name="folder">An existing, empty folder.</param>
    /// <param name="contents">What goes into it.</param>
    /// <param name="exports">Writes further files, which the manifest then lists; null for none.</param>
    /// <returns>The manifest.</returns>
    public static ArtifactManifest Write(string folder, ArtifactContents contents, Action<string>? exports = null)
    {
        ArgumentNullException.ThrowIfNull(contents);
        long weightBytes = WriteWeights(folder, contents);
        WriteTexts(folder, contents);
        exports?.Invoke(folder);
        ImmutableArray<FileEntry> files =
            [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(FileEntry.Of)];
        var manifest = new ArtifactManifest(
            ArtifactLayout.Version,
            $"hypercompress {Version()}",
            contents.Teacher,
            contents.TeacherBytes,
            weightBytes,
            files.Where(file => file.Name.EndsWith(".safetensors", StringComparison.Ordinal)).Sum(file => file.Bytes),
            contents.Seed,
            contents.Threads,
            contents.Data,
            LogitFingerprint.Take(contents.Student, contents.ProbeIds),
            files,
            Digest: string.Empty)
        {
            TensorHashes = HashTensors(folder),
            Inputs = contents.Inputs,
            ResultHash = ArtifactManifest.HashOf(files),
        };
        manifest.Write(folder);
        return manifest;
    }

    /// <summary>The tensors of a student as they are stored.</summary>
    /// <param name="student">All its matrices are forms.</param>
    /// <param name="teacherFormat">Number format of norms and biases.</param>
    /// <returns>Tensors that the receiver disposes.</returns>
    public static IEnumerable<StoredTensor> Store(DecoderModel student, ValueFormat teacherFormat)
    {
        ArgumentNullException.ThrowIfNull(student);
        ScalarType type = FloatFormat.TypeOf(teacherFormat);
        foreach (WeightSlot slot in student.Slots)
        {
            foreach (StoredTensor tensor in slot.Form().Store(slot.Name))
            {
                yield return tensor;
            }
        }

        foreach ((string name, TorchSharp.Modules.Parameter vector) in student.NamedVectors)
        {
            using Tensor detached = vector.detach();
            yield return new StoredTensor(name, detached.to(type, copy: true));
        }
    }

    private static long WriteWeights(string folder, ArtifactContents contents)
    {
        using var noGrad = no_grad();
        StoredTensor[] tensors = [.. Store(contents.Student, contents.TeacherFormat)];
        try
        {
            TensorToWrite[] toWrite = [.. tensors.Select(tensor => TensorToWrite.From(tensor.Name, tensor.Value))];
            return SafetensorsWriter.WriteSharded(folder, toWrite, contents.MaximumShardBytes);
        }
        finally
        {
            foreach (StoredTensor tensor in tensors)
            {
                tensor.Value.Dispose();
            }
        }
    }

    // What is hashed is what a reader will read, and not what was meant to be written.
    private static ImmutableSortedDictionary<string, string> HashTensors(string folder)
    {
        using ITensorSource written = CheckpointFolder.Open(folder);
        return TensorHashes.OfAll(written);
    }

    private static void WriteTexts(string folder, ArtifactContents contents)
    {
        foreach ((string name, byte[] content) in contents.SideFiles)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        foreach ((string name, string text) in contents.Texts)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        JsonObject config = contents.Config.DeepClone().AsObject();
        config[ArtifactLayout.Section] = Describe(contents);

        // Classes that the teacher's folder brought are none of this one.
        config.Remove(PythonLoader.ClassesKey);
        if (contents.LoadsInPython)
        {
            File.WriteAllText(Path.Combine(folder, PythonLoader.FileName), PythonLoader.Source());
            PythonLoader.AddTo(config, contents.Student.Config);
        }

        JsonFile.Write(Path.Combine(folder, ArtifactLayout.Config), config);
    }

    private static JsonObject Describe(ArtifactContents contents)
    {
        var sites = new JsonObject();
        foreach (WeightSlot slot in contents.Student.Slots)
        {
            sites[slot.Name] = FormDescriptionJson.Write(slot.Form().Describe());
        }

        return new JsonObject
        {
            ["version"] = ArtifactLayout.Version,
            ["vectors"] = contents.TeacherFormat.ToString(),
            ["sites"] = sites,
        };
    }

    private static string Version() =>
        typeof(ArtifactWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
