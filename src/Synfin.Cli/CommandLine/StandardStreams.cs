using Microsoft.Win32.SafeHandles;

namespace Synfin.Cli.CommandLine;

/// <summary>Standard input and output as octets: what is in them goes through as it is.</summary>
internal static class StandardStreams
{
    /// <summary>Standard input, unbuffered.</summary>
    public static Stream OpenInput() => OperatingSystem.IsWindows() ? Console.OpenStandardInput() : Open(0, FileAccess.Read);

    /// <summary>Standard output, unbuffered.</summary>
    public static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        FileStream output = Open(1, FileAccess.Write);
        // Console's stream hides that a pipe's reader has gone; a FileStream would overwrite what others write into the same file.
        return output.CanSeek ? Console.OpenStandardOutput() : output;
    }

    private static FileStream Open(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
}
