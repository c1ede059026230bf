//! Reads one HTTP/1.1 answer off a connection, with a length or in chunks.

use std::io::{self, BufRead, Read};

const LONGEST_LINE: u64 = 16 * 1024;
const LONGEST_BODY: u64 = 8 * 1024 * 1024;
const MOST_HEADERS: usize = 64;

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the connection may be used again.
    pub(super) fn keeps_alive(&self) -> bool {
        self.header("connection").is_none_or(|said| !said.eq_ignore_ascii_case("close"))
    }

    /// Status and headers; the body is left to be read.
    pub(super) fn head(from: &mut impl BufRead) -> io::Result<Answer> {
        let first = line(from)?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("not an HTTP answer"))?;
        let mut headers = Vec::new();
        for _ in 0..MOST_HEADERS {
            let line = line(from)?;
            let Some((name, value)) = line.split_once(':') else {
                return Ok(Answer { status, headers, body: String::new() });
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Err(io::Error::other("too many headers"))
    }

    pub(super) fn read(from: &mut impl BufRead) -> io::Result<Answer> {
        let mut answer = Answer::head(from)?;
        let mut body = Vec::new();
        if answer.header("transfer-encoding") == Some("chunked") {
            while read_chunk(from, &mut body)? {}
        } else if let Some(length) = answer.header("content-length").and_then(|text| text.parse().ok()) {
            read_exactly(from, length, &mut body)?;
        } else if !matches!(answer.status, 204 | 304) {
            from.take(LONGEST_BODY).read_to_end(&mut body)?;
        }
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if from.take(LONGEST_LINE).read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// False at the last one, which is empty.
fn read_chunk(from: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<bool> {
    let length = u64::from_str_radix(line(from)?.trim(), 16).map_err(io::Error::other)?;
    read_exactly(from, length, body)?;
    line(from)?;
    Ok(length > 0)
}

fn read_exactly(from: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    if length + body.len() as u64 > LONGEST_BODY {
        return Err(io::Error::other("the body is too long"));
    }
    if from.take(length).read_to_end(body)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_a_length_and_in_chunks() {
        let mut two: &[u8] =
            b"HTTP/1.1 303 See Other\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\
            transfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let first = Answer::read(&mut two).unwrap();
        assert_eq!((first.status, first.header("location"), first.body.as_str()), (303, Some("/x"), "ok"));
        assert!(first.keeps_alive());
        let second = Answer::read(&mut two).unwrap();
        assert_eq!((second.status, second.body.as_str()), (200, "abcde"));
        assert!(!second.keeps_alive());
    }

    #[test]
    fn half_an_answer_is_none() {
        for text in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nx: y\r\n"] {
            assert!(Answer::read(&mut text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
