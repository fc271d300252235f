using Synfin.Stack;

namespace Synfin.Drill.Commands;

/// <summary>With what a script runs: the profile, and what its commands set.</summary>
internal sealed record DrillSettings
{
    /// <summary>The choices in which TCPs differ.</summary>
    public required TcpProfile Profile { get; init; }

    /// <summary>A command or the user chose the profile; else the first knob of BSD chooses FreeBSD's.</summary>
    public bool IsProfileChosen { get; init; }

    /// <summary>What sockets begin with.</summary>
    public TcpConnectionOptions Connection { get; init; } = new();

    /// <summary>The most that SO_RCVBUF and SO_SNDBUF give, in octets.</summary>
    public int MaximumSocketBuffer { get; init; } = 1 << 30;

    /// <summary>The interface's MTU in octets; null: the runner's.</summary>
    public int? Mtu { get; init; }

    /// <summary>Answer with SYN cookies when the SYN queue is full.</summary>
    public bool SynCookies { get; init; } = true;

    /// <summary>The most half-open connections; null: the engine's.</summary>
    public int? MaxSynQueue { get; init; }

    /// <summary>What sockets of a system begin with: the buffers that scripts for it encode in their windows.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="isChosen">The user asked for it, so no knob changes it.</param>
    public static DrillSettings For(TcpProfile profile, bool isChosen = false) => new()
    {
        // scripts for Linux are written without ECN, unless they set tcp_ecn
        Profile = profile.Name == "linux" ? profile with { Ecn = EcnMode.Off } : profile,
        IsProfileChosen = isChosen,
        Connection = profile.Name switch
        {
            // defaults of the scripts' own set-up: tcp_rmem and tcp_wmem
            "linux" => new TcpConnectionOptions { ReceiveBuffer = 540_000, WindowScaleBuffer = 15_728_640, SendBuffer = 4_194_304 },
            // net.inet.tcp.recvspace, sendspace and kern.ipc.maxsockbuf
            "freebsd" => new TcpConnectionOptions { ReceiveBuffer = 65_536, WindowScaleBuffer = 2_097_152, SendBuffer = 32_768 },
            _ => new TcpConnectionOptions(),
        },
    };

    /// <summary>Chooses a profile by name, as <c>defaults.sh</c> does, unless one was chosen before.</summary>
    public DrillSettings Select(string profile) => IsProfileChosen ? this : For(DrillKnobs.ProfileOf(profile), isChosen: true);

    /// <summary>Sets a knob.</summary>
    /// <param name="knob">Its name with dots.</param>
    /// <param name="value">Its value.</param>
    /// <param name="problem">Why the script cannot run with it, in words; or null.</param>
    /// <returns>The settings with it, or these if there is a problem.</returns>
    public DrillSettings Apply(string knob, string value, out string? problem)
    {
        problem = null;
        if (!DrillKnobs.TryGet(knob, out Knob? known))
        {
            problem = $"the knob {knob} (set to {value}) is not known";
            return this;
        }

        DrillSettings settings = !IsProfileChosen && DrillKnobs.IsBsd(knob) ? Select("freebsd") : this;
        if (known.Set is null) return settings;
        try
        {
            return known.Set(settings, value);
        }
        catch (FormatException wrong)
        {
            problem = $"{knob}={value} cannot be had: {wrong.Message}";
            return this;
        }
    }
}
