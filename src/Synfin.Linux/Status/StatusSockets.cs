using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Synfin.Linux.Interop;

namespace Synfin.Linux.Status;

/// <summary>Where the status sockets of running hosts are: DEVICE-PID.sock in a folder of the user's own.</summary>
public static class StatusSockets
{
    internal const string Extension = ".sock";
    internal const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    internal const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string RootFolder = "/run/synfin";
    private const string Name = "synfin";

    /// <summary>
    /// The folder of this user's hosts: $XDG_RUNTIME_DIR/synfin; without that variable /run/synfin for root, /tmp/synfin-UID for others.
    /// </summary>
    public static string DefaultFolder
    {
        get
        {
            string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
            if (!string.IsNullOrEmpty(runtime) && Directory.Exists(runtime)) return Path.Combine(runtime, Name);
            uint user = OperatingSystem.IsLinux() ? Libc.EffectiveUserId() : 0;
            return user == 0 && Directory.Exists("/run")
                ? RootFolder
                : Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Name}-{user}"));
        }
    }

    /// <summary>The sockets in a folder, by name; those that a process left which is no more are removed.</summary>
    /// <param name="folder">The folder, or null for this user's and root's, where root's may be closed to others.</param>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to somebody else.</exception>
    public static IReadOnlyList<string> Find(string? folder = null)
    {
        if (folder is not null) return FindIn(folder);
        List<string> found = [.. FindIn(DefaultFolder)];
        if (DefaultFolder == RootFolder) return found;
        try
        {
            found.AddRange(FindIn(RootFolder));
        }
        catch (UnauthorizedAccessException)
        {
            // Root's hosts are root's; see HasHiddenOnes.
        }
        return found;
    }

    /// <summary>Whether root may have hosts that this user cannot see.</summary>
    public static bool HasHiddenOnes()
    {
        if (DefaultFolder == RootFolder || !Directory.Exists(RootFolder)) return false;
        try
        {
            Directory.GetFiles(RootFolder);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Makes the folder, for this user alone.</summary>
    /// <exception cref="IOException">It cannot be made, or others may use it.</exception>
    [UnsupportedOSPlatform("windows")]
    internal static void Prepare(string folder)
    {
        Directory.CreateDirectory(folder, FolderMode);
        if (File.GetUnixFileMode(folder) != FolderMode)
            throw new IOException($"others may use the folder {folder}: remove it, or `chmod 700 {folder}` if it is yours");
        _ = FindIn(folder); // removes what is stale
    }

    internal static string PathOf(string folder, string device) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{device}-{Environment.ProcessId}{Extension}"));

    /// <summary>The device in a socket's name, and the process.</summary>
    internal static (string Device, int ProcessId) Parse(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        int dash = name.LastIndexOf('-');
        if (dash < 0 || !int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            return (name, 0);
        return (name[..dash], process);
    }

    private static List<string> FindIn(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        List<string> live = [];
        foreach (string path in Directory.GetFiles(folder, $"*{Extension}").Order(StringComparer.Ordinal))
        {
            if (IsStale(path)) TryDelete(path);
            else live.Add(path);
        }
        return live;
    }

    /// <summary>Its process is no more, or is another one that does not listen.</summary>
    private static bool IsStale(string path)
    {
        int process = Parse(path).ProcessId;
        if (process == 0) return false;
        if (!Directory.Exists($"/proc/{process}")) return true;
        if (process == Environment.ProcessId) return false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode is SocketError.ConnectionRefused;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or somebody was faster.
        }
    }
}
