using Hypercompress.Configuration;
using Hypercompress.Models.Files;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Keeping;

/// <summary>Finds out before the work whether the disks have the space that a run needs.</summary>
internal static class DiskSpace
{
    // Students in the journal and the artifact, each with its reports.
    private const int Copies = 4;
    private const long SideBytes = 2 << 20;

    // Weight, two moments and the best state, each in 32 bits.
    private const long TrainingBytes = 16;

    /// <summary>Checks the disks.</summary>
    /// <param name="output">The folder of the artifact.</param>
    /// <param name="statisticsFile">File beside which the statistics are kept for other runs; null for none.</param>
    /// <param name="model">The sizes of the teacher.</param>
    /// <param name="config">The configuration.</param>
    /// <exception cref="IOException">
    /// There is not enough space, or no temporary file can be written.
    /// </exception>
    public static void Require(string output, string? statisticsFile, ModelOutline model, PipelineConfig config)
    {
        Require(ParentOf(output), NeedOf(model, config), "give an --out on another disk");
        RequireStatistics(statisticsFile, model);
        RequireScratch();
    }

    /// <summary>Most bytes that a run takes on the disk of its artifact.</summary>
    /// <param name="model">The sizes of the teacher.</param>
    /// <param name="config">The configuration.</param>
    public static long NeedOf(ModelOutline model, PipelineConfig config)
    {
        long student = (long)(model.TeacherBytes / config.Targets.RatioFor(model.TeacherBytes));
        // Where the plan decides about training it is too early to ask for its space.
        bool trains = config.Distillation.Enabled == true || config.Finetune.Enabled == true;
        long training = trains ? TrainingBytes * model.Sites.Sum(site => site.ElementCount) : 0;

        // Those of single layers are removed when all are in one entry.
        long moments = MomentStorage.BytesOf(model.Sites);
        return moments + long.Max(moments, training + (Copies * student)) + SideBytes;
    }

    /// <summary>Checks the disk that keeps statistics for other runs.</summary>
    /// <param name="statisticsFile">The file beside which they are kept; null for none.</param>
    /// <param name="model">The sizes of the model.</param>
    /// <exception cref="IOException">There is not enough space.</exception>
    public static void RequireStatistics(string? statisticsFile, ModelOutline model)
    {
        if (statisticsFile is not null && !Directory.Exists(BaselineStore.FolderOf(statisticsFile)))
        {
            Require(
                ParentOf(statisticsFile),
                MomentStorage.BytesOf(model.Sites),
                "give a --statistics file on another disk");
        }
    }

    private static string ParentOf(string path) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? path;

    private static void Require(string folder, long needed, string remedy) =>
        FreeSpace.Require(folder, folder, needed, "the run needs up to", remedy);

    private static void RequireScratch()
    {
        try
        {
            Directory.CreateTempSubdirectory("hypercompress-").Delete();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{Path.GetTempPath()}: the folder for temporary files cannot be written to; set TMPDIR to another one",
                fault);
        }
    }
}
