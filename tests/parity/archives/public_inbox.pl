#!/usr/bin/perl
# Asks public-inbox's own modules about its inboxes, for threads.py and queries.py.
#
#   public_inbox.pl threads INBOX_DIR…             a line a mail: inbox, thread number, Message-ID (JSON)
#   public_inbox.pl search INBOX_DIR… < QUERIES    a line a query and inbox: query, inbox, the query as
#                                                  Xapian understood it, and the ids or the error (JSON)
#   public_inbox.pl terms INBOX_DIR… < IDS         a line a mail: inbox, id, and the words that its index
#                                                  holds under each Xapian prefix (JSON), to explain a hit
#
# A query is read as its web pages read the q= parameter: dates first, then Xapian's parser with their
# flags. A mail of several Message-IDs is named by each of them (`mids`). Needs public-inbox 1.9.
use strict;
use warnings;
use JSON::PP;
use PublicInbox::Inbox;
use PublicInbox::Search;

binmode STDOUT;
my ($task, @dirs) = @ARGV;
die "usage: public_inbox.pl threads|search|terms INBOX_DIR…\n"
    unless @dirs && $task =~ /\A(?:threads|search|terms)\z/;
my $json = JSON::PP->new->utf8->canonical;

my @inboxes = map {
    my ($name) = m{([^/]+)/*\z};
    { name => $name, ibx => PublicInbox::Inbox->new({ inboxdir => $_, name => $name, version => 2 }) };
} @dirs;

# All Message-IDs of each article, by its number.
sub ids_of {
    my ($inbox) = @_;
    $inbox->{ids} //= do {
        my %ids;
        my $rows = $inbox->{ibx}->over->dbh->selectall_arrayref(
            'SELECT num, mid FROM id2num JOIN msgid USING (id) WHERE num > 0');
        push @{ $ids{ $_->[0] } }, $_->[1] for @$rows;
        \%ids;
    };
}

if ($task eq 'threads') {
    for my $inbox (@inboxes) {
        my $ids = ids_of($inbox);
        my $rows = $inbox->{ibx}->over->dbh->selectall_arrayref('SELECT num, tid FROM over WHERE num > 0');
        for my $row (@$rows) {
            print $json->encode({ inbox => $inbox->{name}, thread => $row->[1], mids => $ids->{ $row->[0] } }), "\n";
        }
    }
    exit 0;
}

if ($task eq 'terms') {
    while (my $mid = <STDIN>) {
        chomp $mid;
        for my $inbox (@inboxes) {
            my $search = $inbox->{ibx}->search or die "$inbox->{name} has no search index\n";
            my ($id, $prev);
            while (my $mail = $inbox->{ibx}->over->next_by_mid($mid, \$id, \$prev)) {
                print $json->encode({ inbox => $inbox->{name}, mid => $mid, terms => terms_of($search, $mail->{num}) }), "\n";
            }
        }
    }
    exit 0;
}

# The words of an article by prefix; stems have a Z in front of it.
sub terms_of {
    my ($search, $number) = @_;
    my $xdb = $search->xdb;
    my $docid = $search->num2docid($number);
    my %terms;
    my $end = $xdb->termlist_end($docid);
    for (my $at = $xdb->termlist_begin($docid); $at != $end; $at++) {
        my $term = $at->get_termname;
        utf8::decode($term);
        my ($prefix, $word) = $term =~ /\A(Z?(?:X[A-Z]+|[A-Z]))(.*)\z/s;
        push @{ $terms{$prefix} }, $word;
    }
    return \%terms;
}

while (my $query = <STDIN>) {
    chomp $query;
    utf8::decode($query);
    for my $inbox (@inboxes) {
        my $ibx = $inbox->{ibx};
        my $search = $ibx->search or die "$inbox->{name} has no search index\n";
        my %answer = (query => $query, inbox => $inbox->{name});
        my $ok = eval {
            my $q = $query;
            $search->query_approxidate($ibx->git, $q);
            my $mset = $search->mset($q, { limit => 10_000_000, relevance => -1 });
            my $parsed = $search->{qp}->parse_query($q, $search->{qp_flags})->get_description;
            utf8::decode($parsed);
            my $ids = ids_of($inbox);
            $answer{parsed} = $parsed;
            $answer{ids} = [ map { $ids->{$_} } @{ $search->mset_to_artnums($mset) } ];
            1;
        };
        if (!$ok) {
            my $why = $@;
            $why = $why->get_msg if ref $why && eval { $why->can('get_msg') };
            $answer{error} = "$why";
        }
        print $json->encode(\%answer), "\n";
    }
}
